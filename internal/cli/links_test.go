package cli

import (
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"
)

var (
	fencedPart = regexp.MustCompile("(?ms)^```.*?^```$")
	codePart   = regexp.MustCompile("`[^`\n]*`")
	pageLink   = regexp.MustCompile(`!?\[([^\]]*)\]\(([^)\s]*)\)`)
	heading    = regexp.MustCompile(`(?m)^#{1,6} +(.*)$`)
)

// anchors are the marks of a page's headings, as forges make them.
func anchors(page string) map[string]bool {
	marks := map[string]bool{}
	for _, m := range heading.FindAllStringSubmatch(fencedPart.ReplaceAllString(page, ""), -1) {
		mark := strings.Map(func(c rune) rune {
			switch {
			case unicode.IsLetter(c) || unicode.IsDigit(c) || c == '-' || c == '_':
				return unicode.ToLower(c)
			case c == ' ':
				return '-'
			}
			return -1
		}, pageLink.ReplaceAllString(m[1], "$1"))
		marks[mark] = true
	}
	return marks
}

// brokenLinks lists the links of a page, at a path, that lead nowhere: to a file that there is not,
// to a heading that a page does not have, or to an address that is none.
func brokenLinks(path, page string) (broken []string) {
	plain := codePart.ReplaceAllString(fencedPart.ReplaceAllString(page, ""), "")
	for _, m := range pageLink.FindAllStringSubmatch(plain, -1) {
		link := m[2]
		u, err := url.Parse(link)
		if err != nil || link == "" || u.Scheme != "" && u.Scheme != "https" && u.Scheme != "mailto" {
			broken = append(broken, m[0])
			continue
		}
		if u.Scheme != "" {
			continue // what stands elsewhere is not asked for: a test needs no network
		}
		text := page
		if u.Path != "" {
			b, err := os.ReadFile(filepath.Join(filepath.Dir(path), filepath.FromSlash(u.Path)))
			if err != nil {
				if info, err := os.Stat(filepath.Join(filepath.Dir(path), filepath.FromSlash(u.Path))); err != nil || !info.IsDir() {
					broken = append(broken, m[0])
				}
				continue
			}
			text = strings.ReplaceAll(string(b), "\r\n", "\n")
		}
		if u.Fragment != "" && !anchors(text)[u.Fragment] {
			broken = append(broken, m[0])
		}
	}
	return broken
}

// TestLinks: each link of a page leads to a file, and to a heading, that there is.
func TestLinks(t *testing.T) {
	pages, links := 0, 0
	for _, pattern := range []string{"../../*.md", "../../*/*.md", "../../*/*/*.md"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			text := strings.ReplaceAll(string(b), "\r\n", "\n")
			pages, links = pages+1, links+len(pageLink.FindAllString(text, -1))
			for _, link := range brokenLinks(name, text) {
				t.Errorf("%s: %s leads nowhere", name, link)
			}
		}
	}
	if pages < 15 || links < 80 {
		t.Errorf("only %d links on %d pages were found", links, pages)
	}
}

// TestBrokenLinksAreFound: the checker finds what it is for.
func TestBrokenLinksAreFound(t *testing.T) {
	const page = "# A page\n\n## One, and two\n\n[good](#one-and-two) [file](../../README.md#3-ask) `[code](gone.md)` [away](https://example.com)\n\n```sh\n[fenced](gone.md)\n```\n"
	if broken := brokenLinks("page.md", page); len(broken) != 0 {
		t.Errorf("%q", broken)
	}
	for _, link := range []string{"[a](gone.md)", "[a](#three)", "[a](../../README.md#gone)", "[a]()", "[a](http://example.com)", "![a](gone.svg)"} {
		if broken := brokenLinks("page.md", page+link); len(broken) != 1 {
			t.Errorf("%s: %q", link, broken)
		}
	}
}
