// Package vpsapi is a client for the REST API of VPS.NET (document v1.9.4,
// host api.vps.net).
//
// Every function of the API is one [Op] value. Call runs it:
//
//	client, err := vpsapi.NewClient(vpsapi.Config{Email: email, APIKey: key})
//	server, err := vpsapi.GetServer.Call(ctx, client, vpsapi.GetServerIn{ServerID: "1384"})
//
// [Groups] lists all of them, for programs that work on the whole API: its
// tools, schemas, documentation and the sandbox's routes are loops over it.
package vpsapi
