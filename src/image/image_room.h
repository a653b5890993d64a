/*
 * image_room.h
 *		The shared memory that images may take of what there is.
 */
#ifndef IMAGE_ROOM_H
#define IMAGE_ROOM_H

/*
 * Dynamic shared memory is taken from what the server set aside when it was
 * started (min_dynamic_shared_memory), then from the system. Bytes.
 */
typedef struct ImageRoom
{
	Size		all;			/* parseltongue.shared_image_memory */
	Size		of_server;		/* of what is set aside */
	Size		of_system;
	Size		free;			/* that the system has now and images may have */
} ImageRoom;

/* As it is now. A system call or two. */
extern ImageRoom image_room(void);

/* The most that one image could have, if there were no others. */
extern Size image_room_most(const ImageRoom *room);

#endif							/* IMAGE_ROOM_H */
