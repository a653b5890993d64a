/*
 * adj_columns.h
 *		What an adjacency index is made of, and the fingerprints in it.
 *
 * Table and index are open and locked by the caller, and no buffer of the
 * index is: what follows may look into catalogs, and fetch what is toasted.
 */
#ifndef ADJ_COLUMNS_H
#define ADJ_COLUMNS_H

#include "adjacency/adj_page.h"
#include "nodes/execnodes.h"
#include "utils/rel.h"

/* A node's identity in the index: for integers the value itself, and 0. */
typedef struct AdjNode
{
	uint64		fingerprint;
	uint32		check;
} AdjNode;

/*
 * What an index is made of. Cached in rd_amcache, hence one flat chunk.
 * incarnation tells whether the cache still describes the file: an in-place
 * TRUNCATE rebuilds the index without a relcache invalidation reaching us
 * first.
 */
typedef struct AdjColumns
{
	uint64		incarnation;
	uint64		hash_seed;
	int			hash_bits;
	bool		has_label;
	bool		has_confidence;
	bool		has_weight;
	bool		label_is_enum;
	bool		has_halves;		/* do rows with one end have entries? */
	Oid			node_type;		/* of values: text for varchar, char(n), name; of
								 * integers the wider one */
	Oid			label_type;
	Oid			source_stored;	/* of the columns, without domains */
	Oid			target_stored;
	Oid			label_stored;
	Oid			weight_stored;
	AttrNumber	source_attno;	/* in the heap */
	AttrNumber	target_attno;
	AttrNumber	label_attno;
	AttrNumber	confidence_attno;
	AttrNumber	weight_attno;
	int			weight_column;	/* its place in the index */
} AdjColumns;

/* places of the columns in the index */
#define ADJ_SOURCE_COLUMN	0
#define ADJ_TARGET_COLUMN	1
#define ADJ_LABEL_COLUMN	2
#define ADJ_CONFIDENCE_COLUMN 3
#define ADJ_MAX_COLUMNS		4		/* besides the weight, which is INCLUDEd */

/* Has an index a weight? */
static inline bool
adj_has_weight(Relation index)
{
	return IndexRelationGetNumberOfAttributes(index) > IndexRelationGetNumberOfKeyAttributes(index);
}

/* Bytes of an entry in its log. */
static inline int
adj_entry_size(Relation index)
{
	return adj_has_weight(index) ? sizeof(AdjWeightedEntry) : sizeof(AdjEntry);
}

/* ---- definitions (adj_columns.c) ---- */

/*
 * Refuse a definition under which the index could not answer for its table.
 * Every build asks before it writes anything. Error 42804 for a column's type,
 * 0A000 for all else.
 */
extern void adj_check_definition(Relation heap, Relation index,
								 IndexInfo *indexInfo);

/* May columns of these types be the ends of edges in one index? */
extern bool adj_are_node_types(Oid source, Oid target);

/* May a column of this type be any of those of an index, but for the weight? */
extern bool adj_is_column_type(Oid type);

/* for hints */
#define ADJ_NODE_TYPES "smallint, integer, bigint, oid, text, varchar, char(n), name and uuid"

/*
 * What ALTER TABLE can change without building the index anew, so that every
 * call asks again. Error 0A000 for a nondeterministic collation of a column of
 * the index or of the table's column below it; 42804 for a confidence finer
 * than hundredths, and for a weight that is no number.
 */
extern void adj_check_collations(Relation heap, Relation index);
extern void adj_check_confidence(Relation heap, Relation index);
extern void adj_check_weight(Relation index);

/* Fill *columns from the catalogs and the metapage. */
extern void adj_describe_columns(Relation index, const AdjMeta *meta,
								 AdjColumns *columns);

/*
 * The description of an open index, read once per relcache entry. meta, if
 * given, is the metapage just read: a cache made before an in-place rebuild
 * is replaced. Without it the metapage may be read, under a share lock.
 *
 * The relcache entry owns what is returned, until the next access to a
 * catalog: copy what is to be kept.
 */
extern const AdjColumns *adj_columns(Relation index, const AdjMeta *meta);

/* ---- fingerprints (adj_hash.c) ---- */

/* Is it smallint, integer, bigint or oid? */
extern bool adj_is_integer(Oid type);

/*
 * A column's datum of a stored type as one of the type that its values have: of
 * char(n) without the blanks at its end, as its equality has it. Detoasted if it
 * is a text, and then maybe palloc'd.
 */
extern Datum adj_stored_value(Datum stored, Oid type);

/* A node column's datum, of this stored type, as one of the index's node type. */
extern Datum adj_node_value(const AdjColumns *columns, Datum stored, Oid type);

/* A datum of one of these types. */
extern int64 adj_integer_value(Datum value, Oid type);

/*
 * The identity of a node, given as a datum of the index's node type, toasted
 * or not; of an integer also by its value. O(length).
 */
extern AdjNode adj_hash_node(const AdjColumns *columns, Datum value);
extern AdjNode adj_hash_integer(int64 value);

/*
 * The fingerprint of a label, a datum of the label type, toasted or not. A value
 * of an enum is known by its OID, which renaming it does not change.
 */
extern uint64 adj_hash_label(const AdjColumns *columns, Datum value);

/* ---- weights (adj_weight.c) ---- */

/* Can a column of this type, not a domain, be a weight? */
extern bool adj_is_weight_type(Oid type);

/*
 * A value of such a type as a weight. Error 22003 for a numeric that double
 * precision cannot hold. Leaves no memory behind.
 */
extern double adj_weight_value(Datum value, Oid type);

/* ---- entries (adj_hash.c) ---- */

/*
 * Make the log entry of the row at tid; values and isnull are by column of the
 * index. Returns false, and no entry, if the row has no node, or in format 1 only
 * one. Error 22003 for a confidence that is not above 0 and at most 1, and for a
 * weight as above. Leaves no memory behind.
 */
extern bool adj_form_entry(const AdjColumns *columns, const Datum *values,
						   const bool *isnull, ItemPointer tid, AdjWeightedEntry *formed);

#endif							/* ADJ_COLUMNS_H */
