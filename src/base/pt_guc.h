/*
 * pt_guc.h
 *		Settings. The server changes the variables, between two statements or
 *		when a function sets them: read them when they are needed.
 */
#ifndef PT_GUC_H
#define PT_GUC_H

extern int	pt_shared_image_memory; /* kB, for all images of the server */
extern int	pt_local_image_memory;	/* kB, for a session's images; for a call */
extern int	pt_max_workers;		/* that merge images at a time; 0: sessions do */
extern int	pt_debug_hash_bits;		/* of the hash in indexes built from now on */
extern int	pt_debug_merge_entries; /* an overlay of so many need not be merged */

/* Which images are built after the server has started, if it loads the library. */
typedef enum PtPrewarm
{
	PT_PREWARM_OFF,
	PT_PREWARM_USED,			/* of indexes that the statistics know walks of */
	PT_PREWARM_ALL
} PtPrewarm;

extern int	pt_prewarm_setting; /* PtPrewarm */

/* More workers than this cannot be set. */
#define PT_MOST_WORKERS 8

/*
 * The least confidence that calls trust which do not say, 0 to 1; 1 means facts
 * only.
 */
extern double pt_min_confidence_setting;

/*
 * The default graph that counts for the caller, as SCHEMA.NAME, or an empty
 * string: under an owner's rights only what the owner has set.
 */
extern const char *pt_default_graph_name(void);

/* Define them all. Once, when the library is loaded. */
extern void pt_define_settings(void);

#endif							/* PT_GUC_H */
