package tools

import "vpsnet-mcp/tools/words"

// Suggest names what was probably meant by an unknown name, as the end of a sentence:
// "; did you mean X?", or all that is known when that is little; empty when neither helps.
func Suggest(given string, known []string) string { return words.Suggest(given, known) }
