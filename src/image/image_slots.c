/*
 * image_slots.c
 *		The registry's slots: what is being built, and what is there.
 *
 * A slot hangs in two tables, by its file and by its index, whose chains have a slot
 * or two: a file has as many images as it had states of late, and an index one of
 * each of its files. What is looked for goes by way of these. Only what concerns
 * all of them goes through the slots: making room, and databases that go.
 *
 * When room is needed the bases used least recently go. One that took long to
 * build stays for ten times as long after its last use; the newcomer is then
 * built locally rather than that two large ones drive each other out.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "image/image_slots.h"
#include "utils/timestamp.h"

/* how long a base is kept after its last use, in terms of what it cost */
#define KEEP_FACTOR 10

/* how long sessions may take to come over to a base that a worker has merged */
#define LINGER_MS 3000

#define NO_SLOT (-1)

/* a slot's word: life, may uses begin, is it superseded, uses */
#define WORD_OPEN (UINT64CONST(1) << 31)
#define WORD_SUPERSEDED (UINT64CONST(1) << 30)
#define WORD_USES (WORD_SUPERSEDED - 1)
#define WORD_LIFE(word) ((uint32) ((word) >> 32))
#define MAKE_WORD(life, rest) ((uint64) (life) << 32 | (rest))

static ImageSlotTable *table = NULL;

void
image_slots_init(ImageSlotTable *made)
{
	memset(made, 0, sizeof(ImageSlotTable));
	made->first_free = NO_SLOT;
	pg_atomic_init_u64(&made->generation, 0);
	for (int i = 0; i < IMAGE_BUCKETS; i++)
		made->by_file[i] = made->by_index[i] = NO_SLOT;
	for (int i = 0; i < IMAGE_SLOTS; i++)
		pg_atomic_init_u64(&made->slots[i].word, 0);
}

void
image_slots_attach(ImageSlotTable *found)
{
	table = found;
}

ImageSlot *
image_slot(ImageRef ref)
{
	return &table->slots[ref.slot];
}

ImageSlot *
image_slot_at(int slot)
{
	return &table->slots[slot];
}

ImageRef
image_slot_ref(int slot)
{
	ImageRef	ref = {slot, WORD_LIFE(pg_atomic_read_u64(&table->slots[slot].word))};

	return ref;
}

int
image_slot_next(int slot)
{
	while (slot < table->top)
	{
		if (table->slots[slot].state != SLOT_FREE)
			return slot;
		slot++;
	}
	return NO_SLOT;
}

/* ---- the words ---- */

bool
image_slot_pin(ImageRef ref)
{
	pg_atomic_uint64 *word = &image_slot(ref)->word;
	uint64		now = pg_atomic_read_u64(word);

	while (WORD_LIFE(now) == ref.life && (now & WORD_OPEN))
		if (pg_atomic_compare_exchange_u64(word, &now, now + 1))
			return true;
	return false;
}

bool
image_slot_unpin(ImageRef ref)
{
	uint64		now = pg_atomic_sub_fetch_u64(&image_slot(ref)->word, 1);

	Assert(WORD_LIFE(now) == ref.life);
	return (now & (WORD_OPEN | WORD_USES)) == 0;
}

bool
image_slot_is_superseded(ImageRef ref)
{
	uint64		word = pg_atomic_read_u64(&image_slot(ref)->word);

	return (word & (WORD_OPEN | WORD_SUPERSEDED)) != WORD_OPEN;
}

bool
image_slot_is_current(ImageRef ref)
{
	uint64		word = pg_atomic_read_u64(&image_slot(ref)->word);

	return WORD_LIFE(word) == ref.life && (word & WORD_OPEN);
}

uint64
image_slots_generation(void)
{
	return pg_atomic_read_u64(&table->generation);
}

int
image_slot_uses(const ImageSlot *slot)
{
	return (int) (pg_atomic_read_u64(unconstify(pg_atomic_uint64 *, &slot->word)) & WORD_USES);
}

/* ---- looking ---- */

static int *
bucket_of_file(Oid database, PtRelFileNumber relnumber)
{
	uint32		hash = hash_combine(murmurhash32(database), murmurhash32((uint32) relnumber));

	return &table->by_file[hash % IMAGE_BUCKETS];
}

static int *
bucket_of_index(Oid database, Oid index)
{
	uint32		hash = hash_combine(murmurhash32(database), murmurhash32(index));

	return &table->by_index[hash % IMAGE_BUCKETS];
}

bool
image_slots_may_have(Oid database, Oid index)
{
	return *(volatile int *) bucket_of_index(database, index) != NO_SLOT;
}

int
image_slot_find(ImageSlotState state, const ImageKey *key)
{
	int			i = *bucket_of_file(key->database, key->relnumber);

	while (i != NO_SLOT &&
		   (table->slots[i].state != state || !image_same_key(&table->slots[i].key, key)))
		i = table->slots[i].next_of_file;
	return i;
}

static bool
is_of_index(const ImageSlot *slot, Oid database, Oid index)
{
	return slot->index == index && slot->key.database == database;
}

static bool
is_of_file(const ImageSlot *slot, Oid database, Oid tablespace, PtRelFileNumber relnumber)
{
	return slot->key.database == database && slot->key.tablespace == tablespace &&
		slot->key.relnumber == relnumber;
}

int
image_slot_of_index(Oid database, Oid index, bool is_ready)
{
	int			i = *bucket_of_index(database, index);

	while (i != NO_SLOT && (!is_of_index(&table->slots[i], database, index) ||
							(is_ready && table->slots[i].state != SLOT_READY)))
		i = table->slots[i].next_of_index;
	return i;
}

/* ---- the tables ---- */

static void
link_index(int i, Oid index)
{
	ImageSlot  *slot = &table->slots[i];
	int		   *bucket = bucket_of_index(slot->key.database, index);

	slot->index = index;
	slot->next_of_index = *bucket;
	*bucket = i;
}

static void
unlink_index(int i)
{
	ImageSlot  *slot = &table->slots[i];
	int		   *link = bucket_of_index(slot->key.database, slot->index);

	while (*link != i)
		link = &table->slots[*link].next_of_index;
	*link = slot->next_of_index;
}

static void
link_file(int i)
{
	ImageSlot  *slot = &table->slots[i];
	int		   *bucket = bucket_of_file(slot->key.database, slot->key.relnumber);

	slot->next_of_file = *bucket;
	*bucket = i;
}

static void
unlink_file(int i)
{
	ImageSlot  *slot = &table->slots[i];
	int		   *link = bucket_of_file(slot->key.database, slot->key.relnumber);

	while (*link != i)
		link = &table->slots[*link].next_of_file;
	*link = slot->next_of_file;
}

static int
take_free(void)
{
	int			i = table->first_free;

	if (i != NO_SLOT)
		table->first_free = table->slots[i].next_of_index;
	else if (table->top < IMAGE_SLOTS)
		i = table->top++;
	return i;
}

void
image_slot_free(ImageSlot *slot)
{
	int			i = (int) (slot - table->slots);
	uint32		life = WORD_LIFE(pg_atomic_read_u64(&slot->word));

	image_segments_free(&slot->extent);
	unlink_file(i);
	unlink_index(i);
	slot->state = SLOT_FREE;
	slot->index = InvalidOid;
	slot->next_of_index = table->first_free;
	table->first_free = i;
	pg_atomic_write_u64(&slot->word, MAKE_WORD(life + 1, 0));
	pg_atomic_fetch_add_u64(&table->generation, 1);
}

int
image_slot_claim(const ImageKey *key, Oid index)
{
	int			i = take_free();
	ImageSlot  *slot;

	if (i == NO_SLOT && image_slots_evict_one(GetCurrentTimestamp()))
		i = take_free();
	if (i == NO_SLOT)
		return NO_SLOT;
	slot = &table->slots[i];
	slot->state = SLOT_CLAIMED;
	slot->key = *key;
	slot->extent.segment = -1;
	slot->cost = 0;
	link_file(i);
	link_index(i, index);
	return i;
}

/* ---- uses ---- */

static ImageRef
pin(int i)
{
	ImageSlot  *slot = &table->slots[i];

	/* who retires it has the lock in exclusive mode, and counts uses after */
	pg_atomic_fetch_add_u64(&slot->word, 1);
	/* in shared mode, too: a torn or lost store would only misorder eviction */
	slot->last_used = GetCurrentTimestamp();
	return image_slot_ref(i);
}

bool
image_slot_use_ready(const ImageKey *key, Oid index, ImageRef *ref)
{
	int			i = image_slot_find(SLOT_READY, key);

	if (i == NO_SLOT || table->slots[i].index != index)
		return false;
	*ref = pin(i);
	return true;
}

ImageRef
image_slot_use(int i, Oid index)
{
	/* the file may have a new index since */
	if (table->slots[i].index != index)
	{
		unlink_index(i);
		link_index(i, index);
	}
	return pin(i);
}

/* ---- going ---- */

/* May new uses of it begin? */
static bool
is_open(const ImageSlot *slot)
{
	return slot->state == SLOT_READY || slot->state == SLOT_LINGERING;
}

/* An open base goes, at once or with its last use. */
static void
retire(ImageSlot *slot)
{
	uint64		before = pg_atomic_fetch_and_u64(&slot->word, ~(WORD_OPEN | WORD_SUPERSEDED));

	if (slot->state == SLOT_LINGERING)
		table->lingering--;
	slot->state = SLOT_RETIRED;
	if ((before & WORD_USES) == 0)
		image_slot_free(slot);
	else
		pg_atomic_fetch_add_u64(&table->generation, 1);
}

/* It is superseded, and may be used by those who know it for a while. */
static void
linger(ImageSlot *slot, TimestampTz now)
{
	slot->state = SLOT_LINGERING;
	slot->lingers_until = TimestampTzPlusMilliseconds(now, LINGER_MS);
	table->lingering++;
	pg_atomic_fetch_or_u64(&slot->word, WORD_SUPERSEDED);
}

/* Must it stay, because it is used or was a moment ago? */
static bool
must_stay(const ImageSlot *slot, TimestampTz now)
{
	return !is_open(slot) || image_slot_uses(slot) > 0 ||
		(slot->state == SLOT_READY && now - slot->last_used < slot->cost * KEEP_FACTOR);
}

bool
image_slots_evict_one(TimestampTz now)
{
	ImageSlot  *oldest = NULL;

	for (int i = 0; i < table->top; i++)
	{
		ImageSlot  *slot = &table->slots[i];

		if (must_stay(slot, now))
			continue;
		if (oldest == NULL || slot->state == SLOT_LINGERING ||
			(oldest->state != SLOT_LINGERING && slot->last_used < oldest->last_used))
			oldest = slot;
	}
	if (oldest == NULL)
		return false;
	retire(oldest);
	return true;
}

bool
image_slots_could_make_room(Size size, const ImageRoom *room, TimestampTz now)
{
	bool		kept[IMAGE_SEGMENTS_MAPPED] = {false};
	ImageRoom	then = *room;
	ImageTaken	taken;

	for (int i = 0; i < table->top; i++)
	{
		ImageSlot  *slot = &table->slots[i];

		if (slot->state != SLOT_FREE && slot->extent.segment >= 0 && must_stay(slot, now))
			kept[slot->extent.segment] = true;
	}
	taken = image_segments_taken(kept);
	/* of what goes images may take half, as of all that is free */
	then.free += (image_segments_taken(NULL).of_system - taken.of_system) / 2;
	return image_segments_fit(&taken, size, &then);
}

bool
image_slots_end_lingering(Oid database, bool now)
{
	TimestampTz time = GetCurrentTimestamp();
	bool		more = false;

	for (int i = 0; i < table->top && table->lingering > 0; i++)
	{
		ImageSlot  *slot = &table->slots[i];

		if (slot->state != SLOT_LINGERING || slot->key.database != database)
			continue;
		/* the clock may have been set back */
		if (now || time >= slot->lingers_until ||
			slot->lingers_until > TimestampTzPlusMilliseconds(time, LINGER_MS))
			retire(slot);
		else
			more = true;
	}
	return more;
}

/* ---- superseding ---- */

/* Of the same log, but of a later state of it than another? */
static bool
is_newer(const ImageKey *key, const ImageKey *than)
{
	return key->incarnation == than->incarnation && key->tablespace == than->tablespace &&
		key->relnumber == than->relnumber &&
		(key->epoch > than->epoch || key->era > than->era);
}

/*
 * An older base of the same file, or of the index. Who builds without the barrier may
 * be late: what is newer stays.
 */
static void
supersede(ImageSlot *old, const ImageSlot *by, bool lingers, TimestampTz now)
{
	if (old == by || !is_open(old) || is_newer(&old->key, &by->key))
		return;
	/* of each log one, or frequent merges would fill all room with what has been */
	if (lingers && old->state == SLOT_READY && image_same_key(&old->key, &by->key))
		linger(old, now);
	else
		retire(old);
}

void
image_slot_publish(ImageRef claim, bool lingers, TimestampTz now)
{
	ImageSlot  *slot = image_slot(claim);
	const ImageKey *key = &slot->key;
	int			next;

	for (int i = *bucket_of_file(key->database, key->relnumber); i != NO_SLOT; i = next)
	{
		ImageSlot  *old = &table->slots[i];

		next = old->next_of_file;
		if (is_of_file(old, key->database, key->tablespace, key->relnumber))
			supersede(old, slot, lingers, now);
	}
	/* what lingers of the same file is not looked at again */
	for (int i = *bucket_of_index(key->database, slot->index); i != NO_SLOT; i = next)
	{
		ImageSlot  *old = &table->slots[i];

		next = old->next_of_index;
		if (is_of_index(old, key->database, slot->index) &&
			!is_of_file(old, key->database, key->tablespace, key->relnumber))
			supersede(old, slot, false, now);
	}
	slot->built_at = slot->last_used = slot->checked = now;
	slot->state = SLOT_READY;
	pg_atomic_write_u64(&slot->word, MAKE_WORD(claim.life, WORD_OPEN | 1));
}

/* ---- what nobody will ask for any more ---- */

void
image_slots_drop_index(Oid database, Oid index, Oid tablespace, PtRelFileNumber relnumber)
{
	int			next;

	for (int i = *bucket_of_index(database, index); i != NO_SLOT; i = next)
	{
		ImageSlot  *slot = &table->slots[i];

		next = slot->next_of_index;
		if (is_open(slot) && is_of_index(slot, database, index) &&
			!is_of_file(slot, database, tablespace, relnumber))
			retire(slot);
	}
}

void
image_slots_drop_file(Oid database, Oid tablespace, PtRelFileNumber relnumber)
{
	int			next;

	for (int i = *bucket_of_file(database, relnumber); i != NO_SLOT; i = next)
	{
		ImageSlot  *slot = &table->slots[i];

		next = slot->next_of_file;
		if (is_open(slot) && is_of_file(slot, database, tablespace, relnumber))
			retire(slot);
	}
}

void
image_slots_drop_database(Oid database)
{
	for (int i = 0; i < table->top; i++)
		if (is_open(&table->slots[i]) && table->slots[i].key.database == database)
			retire(&table->slots[i]);
}
