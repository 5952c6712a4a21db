package vpsapi

import (
	"reflect"
	"slices"
	"strings"
	"unicode"
)

// Tidy brings an input that a person or a model wrote into its usual form, through
// a pointer to it: domain names in small letters and without their final dot, and
// what the input's own Tidy does. It changes spellings and no meanings.
func Tidy(in any) {
	value := reflect.ValueOf(in).Elem()
	for _, f := range fieldsOf(value.Type()) {
		v := value.FieldByIndex(f.index)
		switch {
		case v.Type() == reflect.TypeFor[DomainID](), v.Type() == reflect.TypeFor[DomainRef]():
			v.SetString(domainName(v.String()))
		case v.Kind() == reflect.String && slices.Contains([]string{"fqdn", "public_fqdn", "domain_name", "hostname"}, f.name):
			v.SetString(strings.TrimRight(Trimmed(v.String()), "."))
		}
	}
	if t, ok := in.(interface{ Tidy() }); ok {
		t.Tidy()
	}
}

// domainName is a domain's name as the service keeps it; what is an id stays one.
func domainName(name string) string {
	return strings.ToLower(strings.TrimSuffix(Trimmed(name), "."))
}

// Tidy writes the domain's name as the service does: in lower case, without a final dot.
func (in *CreateDomainIn) Tidy() { in.Name = domainName(in.Name) }

// Tidy takes the space off around what is not a text record's.
func (in *CreateDomainRecordIn) Tidy() { in.Data = tidyData(in.Type, in.Data) }

// Tidy does for each record what it does for one.
func (in *UpdateDomainRecordsIn) Tidy() {
	for i := range in.DomainRecords {
		z := &in.DomainRecords[i]
		z.Data = tidyData(z.Type, z.Data)
	}
}

// Tidy takes the space off around what is not a text record's.
func (in *CreateDNSTemplateRecordIn) Tidy() {
	if !strings.EqualFold(in.Type, "txt") {
		in.Data = Trimmed(in.Data)
	}
}

// tidyData is a record's data without space around it; a text's is part of it.
func tidyData(kind string, data RecordData) RecordData {
	if strings.EqualFold(kind, "txt") {
		return data
	}
	tidy := make(RecordData, len(data))
	for i, text := range data {
		tidy[i] = Trimmed(text)
	}
	return tidy
}

// Trimmed is a text without the white space around it, and without the marks that
// people copy with it and cannot see.
func Trimmed(text string) string {
	return strings.TrimFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) && !isReordering(r) })
}

// isReordering reports a mark that shows what is around it in another order: nobody copies it by chance.
func isReordering(r rune) bool {
	return r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
}
