/*
 * adj_recall.h
 *		What a scan remembers of the log, for its next questions.
 *
 * A nested loop asks one scan for one key after another. Where no image answers, to
 * read the log for each would take as long as the loop has keys. So the second
 * question has the log read once more, sorted by the end that is asked for, and
 * those that follow look it up: in memory, or in runs in a temporary file.
 */
#ifndef ADJ_RECALL_H
#define ADJ_RECALL_H

#include "adjacency/adj_scan.h"

typedef struct AdjRecall AdjRecall;

/*
 * Read the log from its beginning to the end that *copy describes, or to a later
 * one. For questions that give the same end as this search, the source if both are
 * given. In a context below the current one, with as much memory as a hash table may
 * have; its file is the current resource owner's. O(n log n) in the entries.
 * Interruptible.
 */
extern AdjRecall *adj_recall_create(Relation index, AdjMetaCopy *copy, const AdjSearch *search);

/* Would looking up so many nodes take less than reading the log? */
extern bool adj_recall_pays(const AdjRecall *recall, const AdjSearch *search);

/* Add the places of a search. O(nodes * runs * log(entries)), and a block for each. */
extern void adj_recall_search(AdjRecall *recall, const AdjSearch *search, AdjPlaces *places);

extern void adj_recall_free(AdjRecall *recall);

/* What it is expected to cost: to make one of so many entries, and to ask it once. */
extern void adj_recall_cost(double entries, double page_cost, double *to_make, double *to_ask);

#endif							/* ADJ_RECALL_H */
