package store

import (
	"fmt"
	cache "example.com/go-cache/v2"
	. "example.com/all"
	_ "example.com/nothing"
	"example.com/yaml.v3"
)

var shared, other = NewTable[string, int](nil), cache.New()

var named fmt.Stringer

type Names []Name

type Name struct {
	text string
	next *Name
	byKey map[string][]cache.Entry
	call  func() Name
	yaml.Node
}

func (n Name) First() (*Name, error) { return n.next, nil }

func bound(n *Name, some ...Name) {
	n.First()
	n.next.First()
	n.call().First()
	for _, one := range some {
		one.First()
	}
	for key, entries := range n.byKey {
		key.Len()
		entries[0].Size()
	}
	if n, err := n.First(); err != nil {
		n.First()
		err.Error()
	}
	n.First()
	made := &Name{}
	made.First()
	list := append([]*Name{made}, n)
	list[0].First()
	list[1:][0].First()
	entry := cache.Get("x")
	entry.Size()
	shared.Put(1)
	named.String()
	elsewhere.Run()
	new(Names).Sort()
	sort := func(by Name) { by.First() }
	sort(*n)
	fmt := n.next
	fmt.First()
	len(list)
	max(1, 2)
	Name(*n).First()
}

func switched(x interface{}) {
	switch v := x.(type) {
	case *Name:
		v.First()
	case cache.Entry, nil:
		v.Size()
	default:
		v.Anything()
	}
	if name, ok := x.(Name); ok {
		name.First()
	}
	x.(*Name).First()
	select {
	case name := <-names():
		name.First()
	}
}
