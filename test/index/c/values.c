struct ops
{
	int (*read)(int number);
	void (*stop)(void);
};
enum mode { slow };
extern int verbose;
static int level, *levels, grid[2][2], (*last)(int);
void on_exit_call(void (*then)(void), int stop);

static int read_it(int number)
{
	return number;
}

static void stop(void)
{
}

static const struct ops usual = {.read = read_it, stop};
void (*handlers[])(int) = {on_int, (handler) on_term, [2] = &on_hup};
module_init(start);

void *choose(int number, int (*compare)(int), char **names)
{
	int		mine = verbose, *own = levels;
	void	(*callback)(int) = number ? on_int : stop;

	qsort(names, number, sizeof(int), by_name);
	use(mine, own, level, grid, last, compare, slow, callback);
	own->read = read_it;
	if (number == stop)
		return read_it;
	return &number;
}
