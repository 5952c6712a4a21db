#!/usr/bin/env bash
# A team's day with two replicas of the program, Debian's nginx on deploy/nginx.conf
# and Debian's Redis: plans approved elsewhere, a replica killed, Redis away, replicas
# restarted under load.
set -euo pipefail
cd "$(dirname "$0")/.."
go test -tags team -count=1 -timeout 300s -v -run TestTheTeamsDay ./scripts/team
