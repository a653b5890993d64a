/* "operator" is no operator within a name. */
int my_operator_count(int a)
{
	return operators(a);
}

int geo::Circle::operators(int a)
{
	return a;
}

geo::Circle::operator bool() const
{
	return true;
}
