/*
 * adj_scan.h
 *		Ordinary queries: rows by an end, as a bitmap of their places.
 *
 * A scan gives more than is asked for, never less, and the server looks at each
 * row again: for what has the same fingerprint, and what has been put in the place
 * of a row that VACUUM removed. src/README has the argument.
 */
#ifndef ADJ_SCAN_H
#define ADJ_SCAN_H

#include "access/genam.h"
#include "adjacency/adj_columns.h"
#include "adjacency/adj_log.h"
#include "nodes/pathnodes.h"
#include "nodes/tidbitmap.h"

/* The nodes that are looked for at one end; not given: any, or none. */
typedef struct AdjScanEnd
{
	bool		is_given;
	int			count;
	AdjNode    *nodes;			/* sorted by fingerprint */
} AdjScanEnd;

/* What the rows of a scan have at their ends. At least one of them is given. */
typedef struct AdjSearch
{
	AdjScanEnd	source;
	AdjScanEnd	target;
} AdjSearch;

/* How many places go to a bitmap at a time. */
#define ADJ_SCAN_BATCH 256

/* A bitmap that is being filled. */
typedef struct AdjPlaces
{
	TIDBitmap  *bitmap;
	int64		added;
	int			count;
	ItemPointerData tids[ADJ_SCAN_BATCH];
} AdjPlaces;

extern void adj_add_place(AdjPlaces *places, const ItemPointerData *tid);

/* Does an end have this fingerprint among those looked for? O(log(count)). */
extern bool adj_end_matches(const AdjScanEnd *end, uint64 fingerprint);

/*
 * What answers without reading all of the log, if it is there. It builds nothing,
 * waits for nobody and fails for want of no memory.
 */
typedef struct AdjScanImages
{
	/*
	 * Is there one, as far as can be told without attaching to it, which has the
	 * rows with one end if these are asked for?
	 */
	bool		(*are_there) (Relation index, const AdjMetaCopy *copy, bool with_halves);

	/*
	 * Add the places of a search, as of the end of the log that *copy describes
	 * or later; false if there is none that is good for it, with or without some
	 * added.
	 */
	bool		(*answer) (Relation index, AdjMetaCopy *copy, const AdjSearch *search,
						   AdjPlaces *places);

	/* The log had to be read: see whether somebody else can make one. */
	void		(*want) (Relation index, const AdjMetaCopy *copy);
} AdjScanImages;

/* When the library is loaded. */
extern void adj_scan_set_images(const AdjScanImages *images);

/*
 * Read the log from its beginning to the end that *copy describes; anew, up to a later
 * one, if it is compacted meanwhile: then what take was given before may come again.
 * Interruptible.
 */
typedef void (*AdjTakeBatch) (const AdjReader *reader, void *arg);

extern void adj_scan_log(Relation index, AdjMetaCopy *copy, AdjTakeBatch take, void *arg);

/*
 * Is a function one by which a column and a value of these types are equal if they have
 * one fingerprint?
 */
extern bool adj_scan_knows(Oid function, Oid column, Oid value);

/* ---- what the server calls ---- */

extern IndexScanDesc adj_begin_scan(Relation index, int nkeys, int norderbys);
extern void adj_rescan(IndexScanDesc scan, ScanKey keys, int nkeys,
					   ScanKey orderbys, int norderbys);
extern void adj_end_scan(IndexScanDesc scan);

/*
 * O(rows found) from an image. Else O(entries) for the first two times, of which the
 * second sorts, and then O(log(entries) + rows found). Interruptible.
 */
extern int64 adj_get_bitmap(IndexScanDesc scan, TIDBitmap *bitmap);

/* (adj_cost.c) */
extern void adj_cost_estimate(PlannerInfo *root, IndexPath *path, double loop_count,
							  Cost *startup_cost, Cost *total_cost,
							  Selectivity *selectivity, double *correlation, double *pages);

/* Is there likely an image that answers a scan for so many ends? */
extern bool adj_scan_has_image(Relation index, const AdjMetaCopy *copy, int ends);

#endif							/* ADJ_SCAN_H */
