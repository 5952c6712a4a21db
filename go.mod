module vpsnet-mcp

go 1.26

require (
	codeberg.org/go-pdf/fpdf v0.12.0
	github.com/failsafe-go/failsafe-go v0.9.8
	github.com/google/go-cmp v0.7.0
)

require github.com/bits-and-blooms/bitset v1.24.4 // indirect
