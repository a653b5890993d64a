package main

import "example/store"

const Limit = 3

// Store keeps things.
type Store struct {
	base.Cache
	items []Item
}

type Getter interface {
	Get(key Key) string
}

func (s *Store) Get(key Key) string { return s.find(key).Name() }

func helper() { go store.Open(Limit) }
