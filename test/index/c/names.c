typedef int (*compare)(const void *, const void *);
typedef struct job job, *jobs;

/* One for a signal. */
void (*handler_of(int number))(int)
{
	return find_handler(number);
}
