package proof_test

import (
	"encoding/json"
	"strings"
	"testing"

	"vpsnet-mcp/tools/proof"
)

func view(text string) proof.View { return proof.Read(json.RawMessage(text)) }

func marks(pairs ...string) (all []proof.Mark) {
	for i := 0; i < len(pairs); i += 2 {
		all = append(all, proof.Mark{Key: pairs[i], Value: pairs[i+1]})
	}
	return all
}

// TestJudge: what shows is seen, what does not show is not, and whatever else changed is an alarm.
func TestJudge(t *testing.T) {
	makes := []proof.Want{{Marks: []proof.Mark{{Value: "78"}}}}
	ends := []proof.Want{{ID: "7", Name: "old", Gone: true}}
	alters := []proof.Want{{ID: "7", Marks: marks("target", "mail.example.com", "ttl", "900")}}
	moves := []proof.Want{{ID: "7"}}
	for _, c := range []struct {
		name          string
		wants         []proof.Want
		watch         []string
		before, after string
		want          proof.State
		words         string
	}{
		{"made", makes, nil, `[]`, `[{"windows_template":{"id":12,"system_template_id":"78"}}]`, proof.Seen, "seen in list (id 12)"},
		{"made beside one that is alike", makes, nil, `[{"id":11,"system_template_id":78}]`, `[{"id":11,"system_template_id":78},{"id":12,"system_template_id":78}]`, proof.Seen, "id 12"},
		{"one that is alike was there", makes, nil, `[{"id":11,"system_template_id":78}]`, `[{"id":11,"system_template_id":78}]`, proof.NotSeen, "does not show one with"},
		{"not made", makes, nil, `[]`, `[]`, proof.NotSeen, "one with \"78\""},
		{"another was made", makes, nil, `[]`, `[{"id":12,"system_template_id":79}]`, proof.Alarm, "id 12"},
		{"made, and one is gone", makes, nil, `[{"id":3,"label":"mine"}]`, `[{"id":12,"system_template_id":"78"}]`, proof.Alarm, `no longer shows "mine" (id 3)`},
		{"made by a reply with a key", makes, nil, `{"things":[]}`, `{"things":[{"id":12,"x":{"y":"78"}}]}`, proof.Seen, "id 12"},
		{"gone", ends, nil, `[{"id":7,"label":"old"},{"id":8}]`, `[{"id":8}]`, proof.Seen, "no longer in list"},
		{"still there", ends, nil, `[{"id":7,"label":"old"}]`, `[{"id":7,"label":"old"}]`, proof.NotSeen, `still shows "old" (id 7)`},
		{"another is gone", ends, nil, `[{"id":7,"label":"old"},{"id":8,"label":"new"}]`, `[{"id":7,"label":"old"}]`, proof.Alarm, `no longer shows "new" (id 8)`},
		{"both are gone", ends, nil, `[{"id":7,"label":"old"},{"id":8,"label":"new"}]`, `[]`, proof.Alarm, `"new" (id 8)`},
		{"altered", alters, nil, `[{"id":7,"data":"a","ttl":3600}]`, `[{"id":7,"data":"mail.example.com.","ttl":900}]`, proof.Seen, ""},
		{"not altered", alters, nil, `[{"id":7,"data":"a","ttl":3600}]`, `[{"id":7,"data":"a","ttl":3600}]`, proof.NotSeen, ""},
		{"altered by half", alters, nil, `[{"id":7,"data":"a","ttl":3600}]`, `[{"id":7,"data":"a","ttl":900}]`, proof.NotSeen, ""},
		{"another was altered", alters, nil, `[{"id":7,"data":"a","ttl":1},{"id":8,"data":"b","ttl":1}]`, `[{"id":7,"data":"a","ttl":1},{"id":8,"data":"mail.example.com","ttl":900}]`, proof.Alarm, "change of id 8"},
		{"altered, and another too", alters, nil, `[{"id":7},{"id":8}]`, `[{"id":7,"data":"mail.example.com","ttl":900},{"id":8,"data":"mail.example.com","ttl":900}]`, proof.Alarm, "id 8"},
		{"began", moves, []string{"power_action_pending"}, `[{"id":7,"power_action_pending":false}]`, `[{"id":7,"power_action_pending":true}]`, proof.Seen, ""},
		{"another began", moves, []string{"power_action_pending"}, `[{"id":7},{"id":8}]`, `[{"id":7},{"id":8,"power_action_pending":true}]`, proof.Alarm, "id 8"},
		{"what moves by itself", moves, nil, `[{"id":7,"bandwidth_used":1}]`, `[{"id":7,"bandwidth_used":2}]`, proof.NotSeen, ""},
		{"a part of an object", []proof.Want{{ID: "ram", Marks: marks("nodes", "2")}}, nil, `{"swap":{"nodes":1}}`, `{"swap":{"nodes":1},"ram":{"nodes":2}}`, proof.Seen, ""},
		{"another part of it", []proof.Want{{ID: "ram", Marks: marks("nodes", "2")}}, nil, `{"swap":{"nodes":1}}`, `{"swap":{"nodes":2}}`, proof.Alarm, "id \"swap\""},
		{"an offer is bought", []proof.Want{{Marks: marks("", "guard")}}, nil, `[{"license":{"name":"Guard","purchased":false}}]`, `[{"license":{"name":"Guard","purchased":true}}]`, proof.Seen, ""},
		{"and given up", []proof.Want{{Marks: marks("", "guard"), Gone: true}}, nil, `[{"name":"Guard","purchased":true}]`, `[{"name":"Guard","purchased":false}]`, proof.Seen, ""},
		{"another is given up", []proof.Want{{Marks: marks("", "guard"), Gone: true}}, nil, `[{"name":"Guard"},{"name":"Panel"}]`, `[{"name":"Guard"}]`, proof.Alarm, `"Panel"`},
	} {
		e := proof.Expected{List: "list", Wants: c.wants, Watch: c.watch}
		if got := e.Judge(view(c.before), view(c.after)); got.State != c.want || !strings.Contains(got.Words, c.words) {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

// TestMissing: what is to be deleted must be there, under the name that was agreed to.
func TestMissing(t *testing.T) {
	e := proof.Expected{List: "list", Wants: []proof.Want{{ID: "7", Name: "old", Gone: true}}}
	for before, want := range map[string]string{
		`[{"id":7,"label":"Old"}]`: "", `[{"id":8,"label":"old"}]`: "does not show", `[{"id":7,"label":"other"}]`: "by another name", `null`: "does not show",
	} {
		if got := e.Missing(view(before)); !strings.Contains(got, want) || (got == "") != (want == "") {
			t.Errorf("%s: %q", before, got)
		}
	}
}

// TestElsewhere: a mistake shows in another list.
func TestElsewhere(t *testing.T) {
	e := proof.Expected{List: "clones", Wants: []proof.Want{{}}}
	backup := proof.ListPair{List: "backups", Before: view(`[]`), After: view(`[{"id":5,"label":"b"}]`)}
	if got := e.Judge(view(`[]`), view(`[]`), backup); got.State != proof.Alarm || !strings.Contains(got.Words, `"b" (id 5)`) {
		t.Errorf("%+v", got)
	}
	if got := e.Judge(view(`[]`), view(`[{"id":1}]`), backup); got.State != proof.Seen {
		t.Errorf("%+v", got)
	}
	gone := proof.ListPair{List: "servers", Before: view(`[{"id":5,"label":"web"}]`), After: view(`[]`)}
	if got := e.Judge(view(`[]`), view(`[{"id":1}]`), gone); got.State != proof.Alarm || !strings.Contains(got.Words, `"web" (id 5)`) {
		t.Errorf("%+v", got)
	}
}
