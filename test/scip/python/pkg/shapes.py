"""Shapes and their areas."""
import math
from abc import ABC, abstractmethod

UNIT = 2


class Shape(ABC):
    """What has an area."""

    @abstractmethod
    def area(self) -> float:
        """Its size."""

    def describe(self) -> str:
        return label(self.area())


class Circle(Shape):
    def __init__(self, radius: float):
        self.radius = radius

    def area(self) -> float:
        return math.pi * self.radius ** UNIT


def label(value: float) -> str:
    """A number
    for people."""
    text = str(value)

    def shorten(text: str) -> str:
        return text[:8]

    return shorten(text)
