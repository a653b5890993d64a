/*
 * image_labels.c
 *		Which label ids a walk follows.
 *
 * An id stands for a label and a confidence. What a call asks is turned into
 * an array of flags by id before it walks, so a walk decides by one look.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "image/image_private.h"
#include "miscadmin.h"

static uint32
label_count(const Image *image)
{
	return image->view.nlabels + image_overlay_label_count(image->overlay);
}

static ImageLabel
label_at(const Image *image, uint32 id)
{
	if (id >= image->view.nlabels)
		return image_overlay_label(image->overlay, id);
	return image->view.labels[id];
}

static int
percent_at(const Image *image, uint32 id)
{
	return label_at(image, id).flags >> ADJ_CONFIDENCE_SHIFT;
}

/* Follow the edges of a type: facts, and guesses if trusted. */
static void
follow_type(const Image *image, const ImageType *type, int min_confidence, bool *follow)
{
	int			last = type->only_guesses ? 99 : 100;

	if (!image_overlay_has_guesses(image->overlay))
		last = 0;
	for (int percent = type->only_guesses ? 1 : 0; percent <= last; percent++)
	{
		ImageLabel	label = {type->hash, (uint32) percent << ADJ_CONFIDENCE_SHIFT, 0};
		uint32		id;

		if (percent > 0 && percent < min_confidence)
			continue;
		id = image_overlay_find_label(image->overlay, label);
		if (id != IMAGE_NO_LABEL)
			follow[id] = true;
	}
}

/* Follow the edges of all labels: facts, and guesses if trusted. */
static void
follow_all(const Image *image, int min_confidence, bool *follow)
{
	uint32		count = label_count(image);

	for (uint32 id = 0; id < count; id++)
	{
		int			percent = percent_at(image, id);

		pt_check_interrupts(id);
		follow[id] = percent == 0 || percent >= min_confidence;
	}
}

bool *
image_follow(const Image *image, const ImageType *types, int ntypes, int min_confidence,
			 PtBudget *budget)
{
	bool	   *follow;

	if (types == NULL && !image_overlay_has_guesses(image->overlay))
		return NULL;
	follow = pt_alloc(budget, label_count(image), sizeof(bool));
	memset(follow, 0, label_count(image) * sizeof(bool));
	if (types == NULL)
		follow_all(image, min_confidence, follow);
	for (int i = 0; i < ntypes; i++)
	{
		CHECK_FOR_INTERRUPTS();
		follow_type(image, &types[i], min_confidence, follow);
	}
	return follow;
}

bool *
image_follow_facts(const Image *image, const bool *follow, PtBudget *budget)
{
	uint32		count = label_count(image);
	bool		has_guesses = false;
	bool	   *facts;

	if (follow == NULL || !image_overlay_has_guesses(image->overlay))
		return NULL;
	facts = pt_alloc(budget, count, sizeof(bool));
	for (uint32 id = 0; id < count; id++)
	{
		int			percent = percent_at(image, id);

		pt_check_interrupts(id);
		facts[id] = follow[id] && (percent == 0 || percent == 100);
		has_guesses |= follow[id] && !facts[id];
	}
	if (has_guesses)
		return facts;
	pt_free(budget, facts);
	return NULL;
}
