package main

// Table is a map with a lock.
type Table[K comparable] struct {
	items map[K]int
}

// Source reads.
type Source interface {
	io.Closer
	Read() int
}

func NewTable[K comparable]() *Table[K] { return nil }

func (t *Table[K]) Put(key K) { t.grow() }

func (t Table[K]) grow() { NewTable[string]() }
