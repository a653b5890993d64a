/*
 * git.c
 *		What git knows to have changed: the program itself is asked.
 *
 * Paths come from it as they are, with zero bytes between them. Renames are
 * not looked for: what matters is that a file is gone and another is there.
 */
#include "git.h"

#include "report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define SUBMODULE "160000"
#define DIFF_COMMIT 10			/* its place among the arguments */

/* What a command prints, and the status it exits with; -1 if it cannot be run. */
static int
run(char *const *arguments, bool quiet, Text *output)
{
	int			ends[2];
	int			status;
	pid_t		child;
	char		some[65536];
	ssize_t		n;

	text_clear(output);
	if (pipe(ends) != 0)
		return -1;
	child = fork();
	if (child == 0)
	{
		dup2(ends[1], STDOUT_FILENO);
		close(ends[0]);
		close(ends[1]);
		if (quiet)
			close(STDERR_FILENO);
		execvp(arguments[0], arguments);
		_exit(127);
	}
	close(ends[1]);
	while (child > 0 && ((n = read(ends[0], some, sizeof(some))) > 0 || (n < 0 && errno == EINTR)))
	{
		if (n > 0)
			text_add(output, (Span) {some, n});
	}
	close(ends[0]);
	if (child < 0)
		return -1;
	while (waitpid(child, &status, 0) < 0)
	{
		if (errno != EINTR)
			return -1;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/*
 * Ask for a path, or for all of a folder: a work tree of its own, of which git says
 * no more, and what a .gitignore is about.
 */
static void
ask_path(SourceTree *tree, const char *path, bool is_folder)
{
	Span		folder = span_of(path);
	const char *slash = strrchr(path, '/');
	char	   *asked;

	if (strcmp(slash ? slash + 1 : path, ".gitignore") == 0)
	{
		folder.length = slash ? slash - path : 0;
		is_folder = true;
	}
	else if (span_ends(folder, "/"))
	{
		folder.length--;
		is_folder = true;
	}
	else if (folder.length == 0)
		return;
	asked = copy_span(folder);
	tree_ask(tree, asked, is_folder);
	free(asked);
}

/* Each of the texts that end with a zero byte: paths, or before each the modes that it had and has. */
static void
ask_each(SourceTree *tree, const Text *output, bool with_modes)
{
	const char *at = output->bytes;
	const char *end = at ? at + output->length : at;
	bool		is_mode = with_modes;
	bool		is_folder = false;

	for (; at < end; at += strlen(at) + 1)
	{
		if (is_mode)
			is_folder = strlen(at) > 14 && (strncmp(at + 1, SUBMODULE, 6) == 0 || strncmp(at + 8, SUBMODULE, 6) == 0);
		else
			ask_path(tree, at, is_folder);
		is_mode = with_modes && !is_mode;
	}
}

bool
git_ask_changed(SourceTree *tree, const char *folder, const char *commit)
{
	char	   *where = copy_span(span_of(folder));
	Text		name = {NULL, 0, 0};
	Text		output = {NULL, 0, 0};
	char	   *inside[] = {"git", "-C", where, "rev-parse", "--is-inside-work-tree", NULL};
	char	   *verify[] = {"git", "-C", where, "rev-parse", "--verify", "--quiet", "--end-of-options", NULL, NULL};
	char	   *diff[] = {"git", "-C", where, "diff", "--raw", "-z", "--no-renames", "--no-ext-diff", "--ignore-submodules=none", "--relative",
	NULL, "--", ".", NULL};
	char	   *others[] = {"git", "-C", where, "ls-files", "--others", "--exclude-standard", "-z", NULL};
	int			status;
	bool		done = false;

	text_addf(&name, "%s^{commit}", commit);
	verify[7] = name.bytes;
	setenv("GIT_OPTIONAL_LOCKS", "0", 1);
	status = run(inside, false, &output);
	if (status == 127 || status < 0)
		report_error("cannot run git, which --since needs");
	else if (status != 0 || !span_starts(text_span(&output), "true"))
		report_error("%s is in no work tree of git", folder);
	else if (run(verify, true, &output) != 0 || output.length == 0)
		report_error("%s has no commit \"%s\"", folder, commit);
	else
	{
		/* the commit by its number: a name might be taken for something else */
		output.bytes[strcspn(output.bytes, "\n")] = '\0';
		diff[DIFF_COMMIT] = copy_span(span_of(output.bytes));
		done = run(diff, false, &output) == 0;
		free(diff[DIFF_COMMIT]);
		if (done)
			ask_each(tree, &output, true);
		done = done && run(others, false, &output) == 0;
		if (done)
			ask_each(tree, &output, false);
		else
			report_error("git could not tell what has changed since \"%s\"", commit);
	}
	text_free(&output);
	text_free(&name);
	free(where);
	return done;
}
