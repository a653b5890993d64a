#include "list.h"
#include <stdio.h>

/* How long it is. */
int
count(List *list)
{
	int n = 0;

	while (list && n < LIST_MAX)
	{
		list = LIST_NEXT(list);
		n++;
	}
	return n;
}

static int *helper(struct ops *ops)
{
	ops->next(1);
	return (*ops->call)(count(0));
}

int table = count(0);

int (wrapped)(int n)
{
	return n;
}

UTIL_STATIC hidden(void)
{
	return 0;
}
