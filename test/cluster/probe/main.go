// Command probe is what the cluster tests run in pods: one static program that looks at the pod from inside.
package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

func main() {
	if len(os.Args) < 2 {
		fail(fmt.Errorf("usage: probe serve ADDRESS | kernel | get URL | resolve NAME | write PATH TEXT | read PATH"))
	}
	switch command, args := os.Args[1], os.Args[2:]; command {
	case "serve":
		serve(args[0])
	case "kernel":
		kernel()
	case "get":
		get(args[0])
	case "resolve":
		addresses, err := net.LookupHost(args[0])
		check(err)
		fmt.Println(strings.Join(addresses, " "))
	case "write":
		check(os.WriteFile(args[0], []byte(args[1]), 0o640))
		info, err := os.Stat(args[0])
		check(err)
		stat := info.Sys().(*syscall.Stat_t)
		fmt.Printf("%d:%d\n", stat.Uid, stat.Gid)
	case "read":
		text, err := os.ReadFile(args[0])
		check(err)
		fmt.Print(string(text))
	default:
		fail(fmt.Errorf("unknown command %q", command))
	}
}

// serve answers every request with the pod's name until it is told to stop.
func serve(address string) {
	name, err := os.Hostname()
	check(err)
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	go func() { <-stop; os.Exit(0) }()
	fmt.Println("serving")
	check(http.ListenAndServe(address, http.HandlerFunc(func(response http.ResponseWriter, _ *http.Request) {
		response.Header().Set("connection", "close")
		fmt.Fprint(response, name)
	})))
}

func kernel() {
	var name syscall.Utsname
	check(syscall.Uname(&name))
	var release strings.Builder
	for _, character := range name.Release {
		if character == 0 {
			break
		}
		release.WriteByte(byte(character))
	}
	fmt.Println(release.String())
}

func get(url string) {
	client := http.Client{Timeout: 3 * time.Second}
	response, err := client.Get(url)
	check(err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	check(err)
	fmt.Println(string(text))
}

func check(err error) {
	if err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
