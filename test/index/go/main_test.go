package main

func TestGet(t *testing.T) { helper() }
