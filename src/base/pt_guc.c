/*
 * pt_guc.c
 *		Settings: names, ranges and what they mean to a user.
 */
#include "postgres.h"

#include <limits.h>

#include "access/xact.h"
#include "base/pt_compat.h"
#include "base/pt_guc.h"
#include "catalog/namespace.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/varlena.h"

int			pt_shared_image_memory = 1024 * 1024;
int			pt_local_image_memory = 512 * 1024;
int			pt_max_workers = 2;
int			pt_prewarm_setting = PT_PREWARM_USED;
int			pt_debug_hash_bits = 64;
int			pt_debug_merge_entries = 25000;
double		pt_min_confidence_setting = 0.5;

static const struct config_enum_entry prewarm_values[] = {
	{"off", PT_PREWARM_OFF, false},
	{"used", PT_PREWARM_USED, false},
	{"all", PT_PREWARM_ALL, false},
	{NULL, 0, false}
};

static char *graph_setting = NULL;

/*
 * Under whose rights a value was set. Rights are lent where an owner's take the
 * place of the caller's: in a SECURITY DEFINER function, in a trigger of a
 * foreign key, while a materialized view is refreshed or an index built.
 */
typedef struct SettingOrigin
{
	Oid			role;
	bool		lent;
} SettingOrigin;

/* of the value in force; the server keeps it beside each value it may restore */
static const SettingOrigin *graph_origin = NULL;

/* the library is being loaded, and values are put in that were set before */
static bool loading = false;

static SettingOrigin
current_origin(void)
{
	SettingOrigin origin;
	int			context;

	GetUserIdAndSecContext(&origin.role, &context);
	origin.lent = (context & (SECURITY_LOCAL_USERID_CHANGE | SECURITY_RESTRICTED_OPERATION)) != 0;
	return origin;
}

/*
 * The name of the default graph that counts here, or an empty string. Where
 * rights are lent, only what was set under rights lent by the same owner counts:
 * whoever calls could else have the owner's rights used on a graph of his own
 * choice.
 */
const char *
pt_default_graph_name(void)
{
	SettingOrigin here = current_origin();

	if (here.lent && !(graph_origin->lent && graph_origin->role == here.role))
		return "";
	return graph_setting;
}

/*
 * Replace a name without a schema by that of the relation it means now, as a cast
 * to regclass would find it. False if it means none.
 */
static bool
qualify_name(char **newval, const char *name)
{
	Oid			relation = RelnameGetRelid(name);
	char	   *schema = OidIsValid(relation) ? get_namespace_name(get_rel_namespace(relation)) : NULL;
	const char *qualified;
	char	   *value;

	if (schema == NULL)
	{
		GUC_check_errdetail("Relation \"%s\" does not exist.", name);
		return false;
	}
	qualified = quote_qualified_identifier(schema, name);
	value = PtSettingAlloc(strlen(qualified) + 1);
	if (value == NULL)
		return false;
	strcpy(value, qualified);
	PtSettingFree(*newval);
	*newval = value;
	return true;
}

/*
 * Functions look the name up under search paths of their own, so it must have
 * its schema: where a session sets it, it is given that of the relation which the
 * search path has now. Whether a name with a schema exists is for the call to find
 * out.
 */
static bool
check_name(char **newval, GucSource source)
{
	char	   *copy = pstrdup(*newval);
	List	   *parts = NIL;
	bool		legal = copy[0] == '\0' || SplitIdentifierString(copy, '.', &parts);

	if (legal && list_length(parts) == 1 && source == PGC_S_SESSION && IsTransactionState())
		legal = qualify_name(newval, linitial(parts));
	else if (copy[0] != '\0')
		legal = legal && list_length(parts) == 2;
	list_free(parts);
	pfree(copy);
	if (!legal)
		GUC_check_errhint("Set it to an edge table or adjacency index as \"schema.name\", or to an empty string.");
	return legal;
}

static bool
check_graph(char **newval, void **extra, GucSource source)
{
	static const SettingOrigin unknown = {InvalidOid, false};
	SettingOrigin *origin;

	if (!check_name(newval, source))
		return false;
	origin = PtSettingAlloc(sizeof(SettingOrigin));
	if (origin == NULL)
		return false;
	*origin = loading ? unknown : current_origin();
	*extra = origin;
	return true;
}

static void
assign_graph(const char *newval, void *extra)
{
	graph_origin = extra;
}

/*
 * What the server remembers of who made a setting: the role, if it was made by
 * SET, by set_config or by a function's SET clause; not whether its rights were
 * lent.
 */
static void
recall_origin(SettingOrigin *origin, GucSource source, Oid role)
{
	if (origin != NULL && source == PGC_S_SESSION)
		*origin = (SettingOrigin) {role, true};
}

/*
 * Values that were set before the library was loaded, by the first call of a
 * function of ours, under lent rights. They are taken to have been set under
 * rights that the role lent, so that the function's SET clause counts; the
 * caller's setting does not, since another role made it.
 */
static void
recall_origins(void)
{
	struct config_generic *setting = pt_find_setting("parseltongue.graph");

	if (setting == NULL || !current_origin().lent)
		return;
	recall_origin(setting->extra, setting->source, setting->srole);
	for (GucStack *outer = setting->stack; outer != NULL; outer = outer->prev)
	{
		recall_origin(outer->prior.extra, outer->source, outer->srole);
		recall_origin(outer->masked.extra, PGC_S_SESSION, outer->masked_srole);
	}
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

	DefineCustomIntVariable("parseltongue.max_workers",
							"Background workers that may merge shared graph images at a time.",
							"With 0, or where none can be started, whichever session finds that an image has to be merged does it.",
							&pt_max_workers,
							2, 0, PT_MOST_WORKERS,
							PGC_SIGHUP, 0,
							NULL, NULL, NULL);

	DefineCustomEnumVariable("parseltongue.prewarm",
							 "Shared graph images that are built after the server has started.",
							 "Those of indexes that have been walked, of all, or none. Needs parseltongue in shared_preload_libraries.",
							 &pt_prewarm_setting,
							 PT_PREWARM_USED, prewarm_values,
							 PGC_SIGHUP, 0,
							 NULL, NULL, NULL);

	DefineCustomRealVariable("parseltongue.min_confidence",
							 "Least confidence of the guesses that a call follows if it does not say.",
							 "From 0, all guesses, to 1, facts only. Graphs whose index has no confidence column have no guesses.",
							 &pt_min_confidence_setting,
							 0.5, 0.0, 1.0,
							 PGC_USERSET, 0,
							 NULL, NULL, NULL);

	DefineCustomIntVariable("parseltongue.debug_hash_bits",
							"Bits of the hash of text and uuid nodes that an index built now keeps.",
							"For testing how hash collisions are found. Stored in the index by CREATE INDEX and REINDEX.",
							&pt_debug_hash_bits,
							64, 1, 64,
							PGC_SUSET, GUC_NOT_IN_SAMPLE,
							NULL, NULL, NULL);

	DefineCustomIntVariable("parseltongue.debug_merge_entries",
							"Entries of the index behind a graph image up to which no new image is merged.",
							"For testing what happens while images are merged. Set it in the configuration, for background workers, too.",
							&pt_debug_merge_entries,
							25000, 1, INT_MAX,
							PGC_SUSET, GUC_NOT_IN_SAMPLE,
							NULL, NULL, NULL);

	loading = true;
	DefineCustomStringVariable("parseltongue.graph",
							   "Graph that a call means when it names none.",
							   "An edge table or an adjacency index, as schema.name. Empty: pt_edge of the extension.",
							   &graph_setting,
							   "",
							   PGC_USERSET, 0,
							   check_graph, assign_graph, NULL);
	loading = false;
	recall_origins();

	MarkGUCPrefixReserved("parseltongue");
}
