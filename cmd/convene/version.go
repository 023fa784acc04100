package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// These are set where a build can't see its own history, as in a container's:
// -ldflags "-X main.version=v1.2.3 -X main.commit=0123456789ab".
var version, commit string

type versionCommand struct{}

func (versionCommand) Run(p *program) error {
	_, err := fmt.Fprintln(p.stdout, versionLine())
	return err
}

// versionLine says what this program was built from, as far as it knows:
// "convene v1.2.3, commit 0123456789ab, go1.26.8 linux/amd64".
func versionLine() string {
	release, revision, modified := version, commit, ""
	if info, ok := debug.ReadBuildInfo(); ok {
		if release == "" {
			release = info.Main.Version
		}
		for _, s := range info.Settings {
			switch {
			case s.Key == "vcs.revision" && revision == "" && len(s.Value) >= 12:
				revision = s.Value[:12]
			case s.Key == "vcs.modified" && s.Value == "true":
				modified = " (with local changes)"
			}
		}
	}
	if release == "" {
		release = "(devel)"
	}
	if revision == "" {
		revision = "unknown"
	}
	return fmt.Sprintf("convene %s, commit %s%s, %s %s/%s", release, revision, modified, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
