// Command pulumi-resource-kubernetes is the Kubernetes provider of Pulumi with the schema of its own module built in.
// The two embedded files are copied beside this one for the build; see ../prepare.ts.
package main

import (
	_ "embed"

	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"
)

//go:embed schema-embed.json
var pulumiSchema []byte

//go:embed terraform-mapping-embed.json
var terraformMapping []byte

func main() { provider.Serve("kubernetes", "4.25.0", pulumiSchema, terraformMapping) }
