#ifndef LIST_H
#define LIST_H
#define LIST_MAX 10
#define LIST_NEXT(l) next_of(l)
typedef struct List
{
	struct List *next;
} List;
enum color { RED };
extern int count(List *list);
#endif
