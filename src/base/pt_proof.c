/*
 * pt_proof.c
 *		What a session knows of the pages of the heaps it walks over.
 */
#include "postgres.h"

#include "base/pt_compat.h"
#include "base/pt_guc.h"
#include "base/pt_proof.h"
#include "port/pg_bitutils.h"
#include "utils/inval.h"
#include "utils/memutils.h"

/* a fetch costs as much as making so many groups */
#define GROUPS_PER_FETCH 64

/* of parseltongue.local_image_memory */
#define MEMORY_SHARE 4

/* records that a session keeps while nobody uses them */
#define MAX_FILES 64

/* memory is asked for in blocks of at most so much, so the limit is kept to about that */
#define MAX_BLOCK (64 * 1024)

static MemoryContext top_context = NULL;
static dlist_head files = DLIST_STATIC_INIT(files);
static int	nfiles = 0;

/* ---- records ---- */

static void
forget(PtFile *file)
{
	dlist_delete(&file->node);
	nfiles--;
	file->forgotten = true;
	if (file->uses == 0)
		MemoryContextDelete(file->context);
}

/*
 * Something about a table has changed. Its file may be another, or, however
 * unlikely, another under the same number.
 */
static void
forget_changed(Datum arg, Oid relation)
{
	dlist_mutable_iter iter;

	dlist_foreach_modify(iter, &files)
	{
		PtFile	   *file = dlist_container(PtFile, node, iter.cur);

		if (relation == InvalidOid || relation == file->heap)
			forget(file);
	}
}

static void
begin(void)
{
	if (top_context != NULL)
		return;
	top_context = AllocSetContextCreate(TopMemoryContext, "parseltongue pages of tables",
										ALLOCSET_SMALL_SIZES);
	CacheRegisterRelcacheCallback(forget_changed, (Datum) 0);
}

/* Drop the record used least recently of those not in use; false if there is none. */
static bool
forget_one(void)
{
	dlist_iter	iter;

	dlist_reverse_foreach(iter, &files)
	{
		PtFile	   *file = dlist_container(PtFile, node, iter.cur);

		if (file->uses == 0)
		{
			forget(file);
			return true;
		}
	}
	return false;
}

/* Is there room for so many bytes? Records not in use are dropped for it. */
static bool
make_room(Size bytes)
{
	Size		limit = (Size) pt_local_image_memory * 1024 / MEMORY_SHARE;

	if (bytes > limit)
		return false;
	while (MemoryContextMemAllocated(top_context, true) > limit - bytes)
	{
		if (!forget_one())
			return false;
	}
	return true;
}

static PtFile *
find_file(Relation heap)
{
	dlist_mutable_iter iter;

	dlist_foreach_modify(iter, &files)
	{
		PtFile	   *file = dlist_container(PtFile, node, iter.cur);

		if (file->heap != RelationGetRelid(heap))
			continue;
		if (file->tablespace == PtRelSpc(heap) && file->number == PtRelNumber(heap) &&
			file->has_proofs == RelationNeedsWAL(heap))
			return file;
		forget(file);
	}
	return NULL;
}

static PtFile *
make_file(Relation heap)
{
	MemoryContext context;
	PtFile	   *file;

	if (!make_room(ALLOCSET_SMALL_INITSIZE) || (nfiles == MAX_FILES && !forget_one()))
		return NULL;
	/* goes with the caller's context if anything fails */
	context = AllocSetContextCreate(CurrentMemoryContext, "parseltongue pages of a table",
									ALLOCSET_SMALL_MINSIZE, ALLOCSET_SMALL_INITSIZE,
									MAX_BLOCK);
	file = MemoryContextAllocZero(context, sizeof(PtFile));
	file->heap = RelationGetRelid(heap);
	file->tablespace = PtRelSpc(heap);
	file->number = PtRelNumber(heap);
	file->has_proofs = RelationNeedsWAL(heap);
	file->context = context;
	/* arrays of one size each, no power of two, so in slabs */
	file->pages = SlabContextCreate(context, "parseltongue pages", SLAB_DEFAULT_BLOCK_SIZE,
									PT_GROUP_PAGES * sizeof(PtPage));
	file->seen = SlabContextCreate(context, "parseltongue page bits", SLAB_DEFAULT_BLOCK_SIZE,
								   PT_GROUP_WORDS * sizeof(uint64));
	MemoryContextSetParent(context, top_context);
	dlist_push_head(&files, &file->node);
	nfiles++;
	return file;
}

static void
end_use(void *arg)
{
	PtFile	   *file = ((PtFileUse *) arg)->file;

	if (file != NULL && --file->uses == 0 && file->forgotten)
		MemoryContextDelete(file->context);
	((PtFileUse *) arg)->file = NULL;
}

PtFileUse *
pt_file_use(Relation heap, MemoryContext context)
{
	PtFileUse  *use = MemoryContextAllocZero(context, sizeof(PtFileUse));
	PtFile	   *file;

	begin();
	file = find_file(heap);
	if (file == NULL)
		file = make_file(heap);
	if (file == NULL)
		return NULL;
	dlist_move_head(&files, &file->node);
	file->uses++;
	use->file = file;
	use->at_end.func = end_use;
	use->at_end.arg = use;
	MemoryContextRegisterResetCallback(context, &use->at_end);
	return use;
}

void
pt_file_release(PtFileUse *use)
{
	end_use(use);
}

uint64
pt_new_walk(void)
{
	static uint64 walks = 0;

	return ++walks;
}

/* ---- groups and entries ---- */

/* Make groups for the whole file, once fetches have cost as much. */
static bool
make_groups(PtFile *file, Relation heap, BlockNumber block)
{
	PtPageGroup *groups;

	if (block / PT_GROUP_PAGES >= file->wanted)
	{
		BlockNumber nblocks = Max(RelationGetNumberOfBlocks(heap), block + 1);

		/* some more, for the table may grow */
		file->wanted = nblocks / PT_GROUP_PAGES + nblocks / PT_GROUP_PAGES / 8 + 1;
	}
	if (++file->fetches * GROUPS_PER_FETCH < file->wanted ||
		!make_room(file->wanted * sizeof(PtPageGroup)))
		return false;
	groups = MemoryContextAllocExtended(file->context, file->wanted * sizeof(PtPageGroup),
										MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO | MCXT_ALLOC_NO_OOM);
	if (groups == NULL)
		return false;
	if (file->groups != NULL)
	{
		memcpy(groups, file->groups, file->ngroups * sizeof(PtPageGroup));
		pfree(file->groups);
	}
	file->groups = groups;
	file->ngroups = file->wanted;
	return true;
}

PtPageGroup *
pt_file_group(PtFile *file, Relation heap, BlockNumber block, uint64 walk)
{
	BlockNumber at = block / PT_GROUP_PAGES;
	PtPageGroup *group;

	if (at >= file->ngroups && !make_groups(file, heap, block))
		return NULL;
	group = &file->groups[at];
	if (group->walk != walk)
	{
		group->walk = walk;
		group->sure = group->by_itself = group->all_seen = 0;
		if (!file->has_proofs)
			group->once = group->twice = 0;
	}
	return group;
}

PtPage *
pt_file_page(const PtFile *file, BlockNumber block)
{
	PtPage	   *pages = file->groups[block / PT_GROUP_PAGES].pages;
	PtPage	   *page = pages == NULL ? NULL : &pages[block % PT_GROUP_PAGES];

	return page != NULL && (page->form & PT_PAGE_JUDGED) ? page : NULL;
}

/*
 * Two fetches are free. By then judging the page at once would have been about
 * as cheap, so it costs at most about twice what the better of both would have;
 * and small questions, which come to a page once, pay nothing.
 */
bool
pt_page_is_due(PtPageGroup *group, BlockNumber block)
{
	uint64		bit = pt_page_bit(block);

	if (group->twice & bit)
		return true;
	if (group->once & bit)
		group->twice |= bit;
	group->once |= bit;
	return false;
}

/* An array of the record, all zero at first; NULL if there is no room. */
static void *
make_array(MemoryContext context, Size bytes)
{
	if (!make_room(bytes))
		return NULL;
	return MemoryContextAllocExtended(context, bytes, MCXT_ALLOC_ZERO | MCXT_ALLOC_NO_OOM);
}

/* Room for so many words of asks; false if there is none. */
static bool
make_asks(PtFile *file, PtPage *page, int words)
{
	uint64	   *asks;

	if (words <= page->asks_words)
		return true;
	asks = make_array(file->context, words * sizeof(uint64));
	if (asks == NULL)
		return false;
	if (page->asks != NULL)
		pfree(page->asks);
	page->asks = asks;
	page->asks_words = words;
	return true;
}

/* How much of the verdict there is to keep. */
static uint8
form_of(const PtVerdict *verdict)
{
	uint8		form = PT_PAGE_JUDGED;
	int			seen = 0;

	for (int i = 0; i < PT_PAGE_WORDS; i++)
		seen += pg_popcount64(verdict->seen[i]);
	if (verdict->has_asks)
		form |= PT_PAGE_HAS_ASKS;
	else if (seen == verdict->last)
		form |= PT_PAGE_WHOLE;
	if (verdict->all_seen)
		form |= PT_PAGE_ALL_SEEN;
	return form;
}

/* Make what an entry of this form needs; false if there is no room. */
static bool
make_page(PtFile *file, BlockNumber block, const PtVerdict *verdict, uint8 form)
{
	PtPageGroup *group = &file->groups[block / PT_GROUP_PAGES];

	if (group->pages == NULL)
		group->pages = make_array(file->pages, PT_GROUP_PAGES * sizeof(PtPage));
	if (group->seen == NULL && !(form & PT_PAGE_WHOLE))
		group->seen = make_array(file->seen, PT_GROUP_WORDS * sizeof(uint64));
	return group->pages != NULL && ((form & PT_PAGE_WHOLE) || group->seen != NULL) &&
		(!(form & PT_PAGE_HAS_ASKS) ||
		 make_asks(file, &group->pages[block % PT_GROUP_PAGES], (verdict->last + 63) / 64));
}

/* The walk knows a page that it has judged. */
static void
note_judged(PtPageGroup *group, BlockNumber block, bool all_seen)
{
	uint64		bit = pt_page_bit(block);

	group->sure |= bit;
	group->by_itself |= bit;
	if (all_seen)
		group->all_seen |= bit;
	group->once &= ~bit;
	group->twice &= ~bit;
}

bool
pt_file_keep(PtFile *file, BlockNumber block, const PtVerdict *verdict)
{
	PtPageGroup *group = &file->groups[block / PT_GROUP_PAGES];
	uint8		form = form_of(verdict);
	PtPage	   *page;

	if (!make_page(file, block, verdict, form))
		return false;
	page = &group->pages[block % PT_GROUP_PAGES];
	page->lsn = file->has_proofs ? verdict->lsn : 0;
	page->newest = verdict->newest;
	page->low = verdict->low;
	page->high = verdict->high;
	page->buffer = verdict->buffer;
	page->last = verdict->last;
	page->form = form;
	for (int i = 0; i < PT_PAGE_WORDS && !(form & PT_PAGE_WHOLE); i++)
		group->seen[pt_seen_word(block, i * 64 + 1)] = verdict->seen[i];
	if (form & PT_PAGE_HAS_ASKS)
		memcpy(page->asks, verdict->asks, (verdict->last + 63) / 64 * sizeof(uint64));
	note_judged(group, block, verdict->all_seen);
	return true;
}
