/*
 * kernel_resolve.h
 *		What a reference by name may mean: entities in, candidates out.
 *
 * Create a resolver, add all entities, then all imports, finish; from then on
 * ask. A number of an entity is for good; its text moves while entities are
 * added. Everything is in the memory that the resolver was created with and
 * goes with its context. An answer is the resolver's and valid until the next
 * question.
 *
 * The rules are in README.md ("Resolving references"). What belongs to SQL
 * (the forms of keys, languages that go together) is the caller's: here a
 * language is a number, a name the part that is compared.
 */
#ifndef KERNEL_RESOLVE_H
#define KERNEL_RESOLVE_H

#include "kernel_texts.h"
#include "lib/stringinfo.h"

/*
 * What kind of thing an entity is, or is wanted. The first four can be meant;
 * where nothing but distance tells them apart, the first of them is.
 */
typedef enum KernelClass
{
	KERNEL_CALLABLE,
	KERNEL_MODULE,
	KERNEL_TYPE,
	KERNEL_VALUE,
	KERNEL_IMPL,
	KERNEL_FILE,
	KERNEL_ANY
} KernelClass;

typedef enum KernelMethod
{
	KERNEL_BY_FILE,
	KERNEL_BY_IMPORT,
	KERNEL_BY_FOLDER,
	KERNEL_UNIQUE,
	KERNEL_NEAREST,
	KERNEL_SELF,
	KERNEL_OTHER,
	KERNEL_METHODS
} KernelMethod;

typedef struct KernelEntity
{
	KernelText	key;
	KernelText	path;			/* empty if unknown */
	KernelText	name;
	uint32		language;
	KernelClass class;
	bool		is_static;		/* meant in its own file only */
} KernelEntity;

typedef struct KernelReference
{
	uint32		source;			/* entity that refers to something */
	uint32		language;
	KernelText	name;
	KernelClass wanted;
	const KernelText *qualifier;	/* the parts that say something */
	int			nqualifier;
} KernelReference;

typedef struct KernelAnswer
{
	KernelMethod method;
	uint32		best;			/* how many; 0 if the reference stays open */
	uint32		others;			/* how many, after the best ones */
	const uint32 *entities;
	int			best_percent;	/* confidence of each */
	int			other_percent;
} KernelAnswer;

typedef struct KernelResolver KernelResolver;

#define KERNEL_NO_ENTITY KERNEL_NO_TEXT

extern KernelResolver *kernel_resolver_create(KernelMemory *memory, uint32 max_candidates,
											  bool alternatives);
extern uint32 kernel_resolver_add(KernelResolver *resolver, const KernelEntity *entity);
extern uint32 kernel_resolver_find(const KernelResolver *resolver, KernelText key);
extern uint32 kernel_resolver_language(const KernelResolver *resolver, uint32 entity);
extern void kernel_resolver_import(KernelResolver *resolver, uint32 source, KernelText part);
extern void kernel_resolver_finish(KernelResolver *resolver);
extern KernelText kernel_resolver_key(const KernelResolver *resolver, uint32 entity);
extern uint32 kernel_resolver_rank(const KernelResolver *resolver, uint32 entity);
extern KernelAnswer kernel_resolve(KernelResolver *resolver, const KernelReference *reference);

/* src_main_rs for ./src/main.rs, src/main.rs and __src_main_rs */
extern void kernel_file_id(KernelText path, StringInfo id);

#endif							/* KERNEL_RESOLVE_H */
