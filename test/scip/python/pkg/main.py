from pkg.shapes import Circle, label
from . import shapes
import os.path


@staticmethod
def run(radius: float) -> None:
    circle = Circle(radius)
    circle.area()
    print(circle.describe())
    label(os.path.getsize("x"))
    for shape in [circle]:
        shape.area()


run(shapes.UNIT)
