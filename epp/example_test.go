package epp_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/sandbox"
)

// start runs a registry to talk to. In production there is one already.
func start() (registry *sandbox.Server, options epp.Options) {
	registry, err := sandbox.Start(context.Background(), sandbox.DefaultConfig())
	if err != nil {
		log.Fatal(err)
	}
	return registry, epp.Options{TLS: registry.TLS(), ClientID: "verinym", Password: "verinym-pw"}
}

func ExampleDial() {
	ctx := context.Background()
	registry, options := start()
	defer registry.Close()

	conn, err := epp.Dial(ctx, registry.Addr(), options)
	if err != nil {
		log.Fatal(err)
	}
	defer conn.Logout(ctx)
	response, err := conn.Do(ctx, epp.Command{Body: domain.Check{Names: []string{"example.com"}}})
	if err != nil {
		log.Fatal(err)
	}
	names, err := domain.ParseCheckData(response.Data)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(names[0].Name, names[0].Available)
	// Output: example.com true
}

// A refusal is an error with the registry's code and reasons.
func ExampleError() {
	ctx := context.Background()
	registry, options := start()
	defer registry.Close()
	conn, err := epp.Dial(ctx, registry.Addr(), options)
	if err != nil {
		log.Fatal(err)
	}
	defer conn.Close()

	_, err = conn.Do(ctx, epp.Command{Body: domain.Info{Name: "nothing.com"}})
	var refused *epp.Error
	if errors.As(err, &refused) {
		fmt.Println(refused.Code, refused.Message)
		fmt.Println(refused.Reasons[0].Text)
		fmt.Println(errors.Is(err, epp.ResultCode(epp.CodeNotExists)), refused.Advice() == epp.GiveUp)
	}
	// Output:
	// 2303 Object does not exist
	// domain nothing.com does not exist
	// true true
}

// Several commands are under way at once, as deep as the registry allows.
func ExampleConn_Start() {
	ctx := context.Background()
	registry, options := start()
	defer registry.Close()
	options.Depth = 16
	conn, err := epp.Dial(ctx, registry.Addr(), options)
	if err != nil {
		log.Fatal(err)
	}
	defer conn.Close()

	var calls []*epp.Call
	for i := range 3 {
		call, err := conn.Start(ctx, epp.Command{Body: domain.Create{Name: fmt.Sprintf("example-%d.com", i)}})
		if err != nil {
			log.Fatal(err)
		}
		calls = append(calls, call)
	}
	for _, call := range calls {
		response, err := call.Wait(ctx)
		if err != nil {
			log.Fatal(err)
		}
		created, _ := domain.ParseCreateData(response.Data)
		fmt.Println(created.Name)
	}
	// Output:
	// example-0.com
	// example-1.com
	// example-2.com
}

// The answer to a create is lost. The pool looks before it sends it again, and
// finds that it was carried out.
func ExamplePool_DoLooking() {
	ctx := context.Background()
	registry, options := start()
	defer registry.Close()
	pool := epp.NewPool(registry.Addr(), epp.PoolOptions{
		Session: options, Max: 4,
		Alarm: func(a epp.Alarm) { log.Print(a.Kind, a.Err) },
	})
	defer pool.Close()
	if err := registry.SetFaults(sandbox.Fault{Verb: "create", Kind: sandbox.FaultDropAfter, Times: 1}); err != nil {
		log.Fatal(err)
	}

	create := domain.Create{Name: "example.com", AuthInfo: &epp.AuthInfo{PW: "2fooBAR"}}
	response, err := pool.DoLooking(ctx, epp.Command{Body: create}, create.Look("verinym", registry.Now()))
	if err != nil {
		log.Fatal(err)
	}
	info, err := domain.ParseInfoData(response.Data)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(info.Name, "is ours; creates received:", len(registry.LogOf("domain", "example.com"))-1)
	// Output: example.com is ours; creates received: 1
}
