from typing import Protocol

type Names[T] = list[T]
double = lambda x: twice(x)


class Store(Protocol[int]):
    pass
