package settings

import "runtime/debug"

// releaseVersion is the version of a release; the release's build sets it.
var releaseVersion string

// Version is the build's own: a release's tag, or the commit that it was built from.
func Version() string {
	if releaseVersion != "" {
		return releaseVersion
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "devel"
}
