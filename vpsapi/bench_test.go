package vpsapi

import (
	"fmt"
	"strconv"
	"testing"
)

var benchSizes = []int{10, 1_000, 10_000}

// serversReply is a list of n servers as the service sends it, passwords included.
func serversReply(n int) []byte {
	b := []byte{'['}
	for i := range n {
		if i > 0 {
			b = append(b, ',')
		}
		b = fmt.Appendf(b, `{"virtual_machine":{"id":%d,"label":"web %d","hostname":"web-%d","domain_name":"example.com","running":true,`+
			`"password":"pw-%06d-x","root_password":"pw-%06d-x","cloud_id":7,"system_template_id":137,"slices_count":2,"backups_enabled":false,`+
			`"bandwidth_used":12345,"primary_ip_address":{"ip_address":{"address":"198.51.100.7"}},"note":"caf\u00e9"}}`, i, i, i, i, i)
	}
	return append(b, ']')
}

// BenchmarkRedact finds the secrets of replies, as of every reply, and hides them, as of what is shown.
func BenchmarkRedact(b *testing.B) {
	for _, n := range benchSizes {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			body := serversReply(n)
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				findSecrets(body)
				HideSecrets(body)
			}
		})
	}
}

func BenchmarkDecode(b *testing.B) {
	for _, n := range benchSizes {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			body := serversReply(n)
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := ListServers.DecodeReply(body); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkEncode writes a body with n values.
func BenchmarkEncode(b *testing.B) {
	for _, n := range benchSizes {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			in := make([]Server, n)
			for i := range in {
				in[i] = Server{ID: ServerID(strconv.Itoa(i)), Label: "web", Hostname: "web"}
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := encodeWire(in); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
