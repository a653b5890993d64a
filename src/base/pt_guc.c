/*
 * pt_guc.c
 *		Settings: names, ranges and what they mean to a user.
 */
#include "postgres.h"

#include <limits.h>

#include "base/pt_guc.h"
#include "utils/guc.h"
#include "utils/varlena.h"

int			pt_shared_image_memory = 1024 * 1024;
int			pt_local_image_memory = 512 * 1024;
int			pt_debug_hash_bits = 64;
char	   *pt_graph = NULL;

/*
 * Functions look the name up under search paths of their own, so it must have
 * its schema. Whether it exists is for the call to find out.
 */
static bool
check_graph(char **newval, void **extra, GucSource source)
{
	char	   *copy = pstrdup(*newval);
	List	   *parts = NIL;
	bool		legal = copy[0] == '\0' ||
		(SplitIdentifierString(copy, '.', &parts) && list_length(parts) == 2);

	list_free(parts);
	pfree(copy);
	if (!legal)
		GUC_check_errhint("Use schema.name, of an edge table or its adjacency index, or an empty string.");
	return legal;
}

void
pt_define_settings(void)
{
	DefineCustomIntVariable("parseltongue.shared_image_memory",
							"Memory for graph images shared by all sessions.",
							"An image that does not fit is built in each session's own memory instead. "
							"On PostgreSQL 15 and 16 sharing needs parseltongue in shared_preload_libraries.",
							&pt_shared_image_memory,
							1024 * 1024, 0, MAX_KILOBYTES,
							PGC_SIGHUP, GUC_UNIT_KB,
							NULL, NULL, NULL);

	DefineCustomIntVariable("parseltongue.local_image_memory",
							"Memory that one session may use for graph images of its own, for building images and for walks.",
							"A question that needs more ends in an error.",
							&pt_local_image_memory,
							512 * 1024, 64, MAX_KILOBYTES,
							PGC_USERSET, GUC_UNIT_KB,
							NULL, NULL, NULL);

	DefineCustomIntVariable("parseltongue.debug_hash_bits",
							"Bits of the hash of text and uuid nodes that an index built now keeps.",
							"For testing how hash collisions are found. Stored in the index by CREATE INDEX and REINDEX.",
							&pt_debug_hash_bits,
							64, 1, 64,
							PGC_SUSET, GUC_NOT_IN_SAMPLE,
							NULL, NULL, NULL);

	DefineCustomStringVariable("parseltongue.graph",
							   "Graph that a call means when it names none.",
							   "An edge table or an adjacency index, as schema.name. Empty: pt_edge of the extension.",
							   &pt_graph,
							   "",
							   PGC_USERSET, 0,
							   check_graph, NULL, NULL);

	MarkGUCPrefixReserved("parseltongue");
}
