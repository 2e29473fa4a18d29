module breakwater.dev/tools/go/pause

go 1.26
