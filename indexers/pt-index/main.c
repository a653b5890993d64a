/*
 * main.c
 *		pt-index: what is asked for, and with what status it ends.
 */
#include "git.h"
#include "report.h"
#include "scan.h"
#include "watch.h"
#include "work.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_THREADS 64

/* exit status */
#define DONE 0
#define FAILED 1
#define WRONG_ARGUMENTS 2
#define LEFT_OUT 3

enum
{
	OPTION_GRAPH = 256,
	OPTION_CREATE,
	OPTION_PREFIX,
	OPTION_JSON,
	OPTION_NO_CODE,
	OPTION_NO_RESOLVE,
	OPTION_UPDATE,
	OPTION_SINCE,
	OPTION_WATCH,
	OPTION_NO_IGNORE,
	OPTION_MAX_SIZE,
	OPTION_MAX_TIME,
	OPTION_LANGUAGES,
	OPTION_CHECK,
	OPTION_HELP
};

static const struct option long_options[] = {
	{"dbname", required_argument, NULL, 'd'},
	{"jobs", required_argument, NULL, 'j'},
	{"quiet", no_argument, NULL, 'q'},
	{"verbose", no_argument, NULL, 'v'},
	{"graph", required_argument, NULL, OPTION_GRAPH},
	{"create", no_argument, NULL, OPTION_CREATE},
	{"prefix", required_argument, NULL, OPTION_PREFIX},
	{"json", no_argument, NULL, OPTION_JSON},
	{"no-code", no_argument, NULL, OPTION_NO_CODE},
	{"no-resolve", no_argument, NULL, OPTION_NO_RESOLVE},
	{"update", no_argument, NULL, OPTION_UPDATE},
	{"since", required_argument, NULL, OPTION_SINCE},
	{"watch", no_argument, NULL, OPTION_WATCH},
	{"no-ignore", no_argument, NULL, OPTION_NO_IGNORE},
	{"max-size", required_argument, NULL, OPTION_MAX_SIZE},
	{"max-time", required_argument, NULL, OPTION_MAX_TIME},
	{"languages", no_argument, NULL, OPTION_LANGUAGES},
	{"check", no_argument, NULL, OPTION_CHECK},
	{"help", no_argument, NULL, OPTION_HELP},
	{NULL, 0, NULL, 0}
};

static void
usage(FILE *out)
{
	fputs("Usage: pt-index -d CONNINFO [OPTIONS] TREE\n"
		  "       pt-index --json [OPTIONS] TREE\n"
		  "\n"
		  "Reads the source code under TREE and writes what it defines, calls and uses into\n"
		  "the tables of parseltongue. What is there of a file from before is replaced, in\n"
		  "one transaction; any number of pt-index may run at the same time.\n"
		  "\n"
		  "  -d, --dbname CONNINFO  the database, as for psql\n"
		  "      --graph TABLE      the pt_edge of the codebase to write to\n"
		  "      --create           make that codebase if it is not there\n"
		  "      --prefix FOLDER    what to put before paths, for a part of a larger tree\n"
		  "  -j, --jobs N           threads, each with a connection (default: processors)\n"
		  "      --update           leave files alone that have not changed, and remove those\n"
		  "                         that are gone\n"
		  "      --since COMMIT     look only at what differs from a commit of git\n"
		  "      --watch            --update, and then follow files as they are saved\n"
		  "      --no-code          without the source text of entities\n"
		  "      --no-resolve       leave references to pt_resolve_references\n"
		  "      --no-ignore        read what .gitignore names, too\n"
		  "      --max-size MB      leave larger files out (default 8)\n"
		  "      --max-time SECONDS for each file (default 10)\n"
		  "      --json             print what tools/pt-import reads, instead\n"
		  "  -q, --quiet            say nothing but errors\n"
		  "  -v, --verbose          name everything that is left out\n"
		  "      --languages        list the languages and endings of files\n"
		  "      --help\n"
		  "\n"
		  "Exit status: 0 all is indexed, 1 given up, 2 wrong arguments, 3 some files could\n"
		  "not be read in time, or at all, or were refused. What is committed stays.\n", out);
}

static void
wrong(const char *format, const char *value)
{
	fputs("pt-index: ", stderr);
	fprintf(stderr, format, value);
	fputs("\nTry pt-index --help.\n", stderr);
	exit(WRONG_ARGUMENTS);
}

/* A number within bounds. */
static double
number_of(const char *name, const char *value, double min, double max)
{
	char	   *end;
	double		number = strtod(value, &end);

	if (end == value || *end != '\0' || !(number >= min && number <= max))
		wrong(strcmp(name, "jobs") == 0 ? "invalid number of jobs: %s" :
			  strcmp(name, "size") == 0 ? "invalid size: %s" : "invalid time: %s", value);
	return number;
}

static void
list_languages(void)
{
	for (int i = 0; i < nlanguages; i++)
		printf("%-12s%s\n", languages[i].name, languages[i].endings);
}

/* A folder with a slash at its end, and none at its front. */
static const char *
prefix_of(const char *folder)
{
	Text		prefix = {NULL, 0, 0};

	while (*folder == '/' || (folder[0] == '.' && folder[1] == '/'))
		folder++;
	text_add_utf8(&prefix, span_of(folder));
	text_normal_path(&prefix);
	if (prefix.length > 0 && prefix.bytes[prefix.length - 1] != '/')
		text_addc(&prefix, '/');
	return prefix.bytes;
}

static void
read_options(Options *options, int argc, char **argv)
{
	int			c;
	bool		has_jobs = false;

	while ((c = getopt_long(argc, argv, "d:j:qvh", long_options, NULL)) != -1)
	{
		switch (c)
		{
			case 'd':
				options->conninfo = optarg;
				break;
			case 'j':
				options->threads = (int) number_of("jobs", optarg, 1, MAX_THREADS);
				has_jobs = true;
				break;
			case 'q':
				options->quiet = true;
				break;
			case 'v':
				options->verbose = true;
				break;
			case OPTION_GRAPH:
				options->graph = optarg;
				break;
			case OPTION_CREATE:
				options->create = true;
				break;
			case OPTION_PREFIX:
				options->prefix = prefix_of(optarg);
				break;
			case OPTION_JSON:
				options->json = true;
				break;
			case OPTION_NO_CODE:
				options->with_code = false;
				break;
			case OPTION_NO_RESOLVE:
				options->resolve = false;
				break;
			case OPTION_UPDATE:
				options->update = true;
				break;
			case OPTION_SINCE:
				options->since = optarg;
				break;
			case OPTION_WATCH:
				options->watch = options->update = true;
				break;
			case OPTION_NO_IGNORE:
				options->with_ignored = true;
				break;
			case OPTION_MAX_SIZE:
				options->max_bytes = (uint64_t) (number_of("size", optarg, 0.001, 1000) * 1000000);
				break;
			case OPTION_MAX_TIME:
				options->max_seconds = number_of("time", optarg, 0.001, 100000);
				break;
			case OPTION_LANGUAGES:
				list_languages();
				exit(DONE);
			case OPTION_CHECK:
				exit(scan_check_queries() ? DONE : FAILED);
			case 'h':
			case OPTION_HELP:
				usage(stdout);
				exit(DONE);
			default:
				fputs("Try pt-index --help.\n", stderr);
				exit(WRONG_ARGUMENTS);
		}
	}
	if (optind != argc - 1)
		wrong("%s", optind == argc ? "no tree is named" : "only one tree can be read at a time");
	options->tree = argv[optind];
	if (options->json && (options->conninfo != NULL || options->update || options->since != NULL || options->graph != NULL))
		wrong("%s", "--json goes with neither -d nor --graph nor --update, --since and --watch");
	if (options->since != NULL && options->update)
		wrong("%s", "--since goes with neither --update nor --watch, which look at all files");
	if (options->since != NULL && options->create)
		wrong("%s", "--since does not go with --create: what has not changed would be missing");
	if (!options->json && options->conninfo == NULL)
		wrong("%s", "no database is named: use -d, or --json");
	if (options->create && options->graph == NULL)
		wrong("%s", "--create needs --graph");
	if (options->json && !has_jobs)
		options->threads = 1;
}

/* The first time what is at hand is finished, the second time nothing is. */
static void
on_signal(int number)
{
	if (work_stopped)
		_exit(128 + number);
	work_stopped = number;
}

static void
catch_signals(void)
{
	struct sigaction action = {.sa_handler = on_signal};

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
}

int
main(int argc, char **argv)
{
	long		processors = sysconf(_SC_NPROCESSORS_ONLN);
	Options		options = {
		.prefix = "", .threads = processors < 1 ? 1 : processors > MAX_THREADS ? MAX_THREADS : (int) processors,
		.with_code = true, .resolve = true, .max_bytes = 8000000, .max_seconds = 10
	};
	SourceTree	tree;
	Beginning  *beginning;

	read_options(&options, argc, argv);
	report_options(options.quiet, options.verbose);
	catch_signals();
	report_doing("looking for files");
	if (!tree_open(&tree, options.tree, options.with_ignored))
		return FAILED;
	if (options.watch)
		return watch_tree(&options, &tree) ? DONE : FAILED;
	beginning = work_begin(&options);
	if (options.since == NULL)
		tree_read(&tree);
	else if (git_ask_changed(&tree, options.tree, options.since))
		tree_read_asked(&tree);
	else
	{
		work_give_up(beginning);
		return FAILED;
	}
	if (!work_index(&options, &tree, beginning))
		return work_stopped ? 128 + work_stopped : FAILED;
	return report_failed() ? LEFT_OUT : DONE;
}
