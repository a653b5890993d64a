/*
 * image_nodes.c
 *		Nodes of base and overlay together, and what there is of them.
 */
#include "postgres.h"

#include "image/image_private.h"

uint32
image_find_node(const Image *image, AdjNode node)
{
	bool		collision;
	uint32		found = image_base_find(&image->view, node, &collision);

	/* another node with this fingerprint: then this one has no edges */
	if (found != GRAPH_NO_NODE || collision)
		return found;
	return image_overlay_find_node(image->overlay, node);
}

void
image_find_nodes(const Image *image, const AdjNode *nodes, int count, uint32 *found)
{
	image_base_prefetch(&image->view, nodes, count);
	for (int i = 0; i < count; i++)
		found[i] = image_find_node(image, nodes[i]);
}

uint32
image_node_count(const Image *image)
{
	return image->view.nnodes + image_overlay_node_count(image->overlay);
}

AdjNode
image_node(const Image *image, uint32 node)
{
	AdjNode		result;

	if (node >= image->view.nnodes)
		return image_overlay_node(image->overlay, node);
	result.fingerprint = image->view.fingerprints[node];
	result.check = image->view.checks[node];
	return result;
}

bool
image_has_weights(const Image *image)
{
	return image->view.rows[GRAPH_OUT].weights != NULL;
}

ImageStatus
image_status(const Image *image)
{
	ImageStatus status;

	status.nodes = image_node_count(image);
	status.base_bytes = image->view.base->size;
	status.is_shared = image->cached->held->ref.slot >= 0;
	status.built_at = image->view.base->built_at;
	status.overlay_edges = image_overlay_edge_count(image->overlay);
	status.overlay_bytes = image_overlay_bytes(image->overlay);
	status.origin = image->origin;
	return status;
}
