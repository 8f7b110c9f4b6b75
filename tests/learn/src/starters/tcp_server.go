// @ABOUT@
package main

import (
	"log"
	"net"
	"os"
)

func main() {
	port := "@PORT@"
	if len(os.Args) > 1 {
		port = os.Args[1]
	}
	server, err := net.Listen("tcp", "127.0.0.1:"+port)
	if err != nil {
		log.Fatal(err)
	}
	client, err := server.Accept()
	if err != nil {
		log.Fatal(err)
	}
	// @TODO@
	client.Close()
	server.Close()
}
