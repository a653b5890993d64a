#include "shape.hpp"

double geo::Circle::area() const
{
	Shape *other = new Circle(2);
	return other->area() + this->radius();
}

static bool operator==(const geo::Circle &a, const geo::Circle &b)
{
	return geo::largest<int>({1}) == 1;
}
