package tools

import (
	"reflect"
	"testing"

	"vpsnet-mcp/tools/catalog"
	"vpsnet-mcp/vpsapi"
)

const (
	wasThere  = "it is about a server that was there, and its password is none that is new"
	readAgain = "a plan made anew reads the state of the server that it would change"
)

// givesNone are the functions whose reply can hold a password that goes nowhere, and why.
var givesNone = map[string]string{
	"list_cloud_servers":             wasThere,
	"get_cloud_server":               wasThere,
	"search_cloud_servers":           wasThere,
	"shutdown_cloud_server":          wasThere,
	"reboot_cloud_server":            wasThere,
	"start_cloud_server":             wasThere,
	"power_off_cloud_server":         wasThere,
	"list_recoverable_cloud_servers": wasThere,
	"list_ssd_servers":               wasThere,
	"get_ssd_server":                 wasThere,
	"shutdown_ssd_server":            wasThere,
	"power_off_ssd_server":           wasThere,
	"start_ssd_server":               wasThere,
	"reboot_ssd_server":              wasThere,
	"create_ssd_server":              "no source tells whether its reply has one",
}

// shownByPlan are the functions that make something and have no read of their own that shows it, and why.
var shownByPlan = map[string]string{
	"shutdown_cloud_server":           readAgain,
	"reboot_cloud_server":             readAgain,
	"start_cloud_server":              readAgain,
	"power_off_cloud_server":          readAgain,
	"rebuild_cloud_server":            readAgain,
	"rebuild_cloud_server_network":    readAgain,
	"restore_cloud_server":            readAgain,
	"reset_root_password":             readAgain,
	"deploy_all_storage":              readAgain,
	"recover_cloud_server":            readAgain,
	"shutdown_ssd_server":             readAgain,
	"power_off_ssd_server":            readAgain,
	"start_ssd_server":                readAgain,
	"reboot_ssd_server":               readAgain,
	"start_platform_server":           readAgain,
	"power_off_platform_server":       readAgain,
	"reboot_platform_server":          readAgain,
	"recovery_reboot_platform_server": readAgain,
	"reset_platform_password":         readAgain,
	"create_domain":                   "a plan made anew finds the domain on the account",
	"create_domain_record":            "a plan made anew reads the domain's records",
}

// TestRows: each function has one row, and no row forgets where a password goes or how a lost answer is looked for.
func TestRows(t *testing.T) {
	seen := map[string]int{}
	for _, r := range catalog.Rows() {
		seen[r.Op.Info().Name]++
	}
	for _, g := range vpsapi.All() {
		for _, op := range g.Operations {
			info := op.Info()
			if seen[info.Name] != 1 {
				t.Errorf("%s has %d rows", info.Name, seen[info.Name])
			}
			r := catalog.RowOf(info.Name)
			if why := givesNone[info.Name]; holdsSecret(info.Out) && !r.Gives && why == "" {
				t.Errorf("%s: its reply holds a Secret; its row says gives, or givesNone says why not", info.Name)
			} else if why != "" && r.Gives {
				t.Errorf("%s gives, and givesNone says why not: %s", info.Name, why)
			}
			makes := info.Route.Method() == "POST" && info.Safety != vpsapi.Reads && r.Plan != nil
			if why := shownByPlan[info.Name]; makes && r.Witness == nil && why == "" {
				t.Errorf("%s makes something; its row says shownIn, or shownByPlan says why not", info.Name)
			} else if why != "" && r.Witness != nil {
				t.Errorf("%s has shownIn, and shownByPlan says why not: %s", info.Name, why)
			}
			if r.Witness != nil && r.Plan == nil {
				t.Errorf("%s is looked for after a lost answer, and is never planned", info.Name)
			}
		}
	}
	if len(seen) != len(catalog.Rows()) {
		t.Errorf("%d rows of %d functions", len(catalog.Rows()), len(seen))
	}
}

// holdsSecret reports a type with a Secret in it at any depth.
func holdsSecret(t reflect.Type) bool {
	switch {
	case t == nil:
		return false
	case t == reflect.TypeFor[vpsapi.Secret]():
		return true
	}
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		return holdsSecret(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if holdsSecret(t.Field(i).Type) {
				return true
			}
		}
	}
	return false
}
