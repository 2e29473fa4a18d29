module breakwater.dev/test/cluster/probe

go 1.26
