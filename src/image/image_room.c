/*
 * image_room.c
 *		The shared memory that images may take of what there is.
 *
 * With dynamic_shared_memory_type = posix images share a file system of
 * limited size, /dev/shm, with the parallel queries of everybody. These fail
 * when it is full, while an image that finds no room is built in the session's
 * memory. So images keep to a small part of it, whatever the setting says: an
 * eighth, or half of what is beyond a gigabyte, and never more than half of
 * what is free just then. Of the memory that the server set aside they take no
 * more than half.
 *
 * Elsewhere (mmap, sysv, Windows) there is no telling, and the setting counts
 * alone.
 */
#include "postgres.h"

#ifdef __linux__
#include <sys/statvfs.h>
#endif

#include "base/pt_guc.h"
#include "image/image_room.h"
#include "storage/dsm_impl.h"

#define SHM_FOLDER "/dev/shm"
#define SMALL_PART 8
#define GIGABYTE ((Size) 1024 * 1024 * 1024)

#ifdef __linux__
static void
look_at_shm(ImageRoom *room)
{
	struct statvfs fs;
	Size		size;

	if (dynamic_shared_memory_type != DSM_IMPL_POSIX || statvfs(SHM_FOLDER, &fs) != 0)
		return;
	/* a size of 0 is a file system without a limit */
	if (fs.f_blocks == 0)
		return;
	size = (Size) fs.f_blocks * fs.f_frsize;
	room->of_system = Max(size / SMALL_PART, size > GIGABYTE ? (size - GIGABYTE) / 2 : 0);
	room->free = (Size) fs.f_bavail * fs.f_frsize / 2;
}
#endif

ImageRoom
image_room(void)
{
	ImageRoom	room;

	room.all = (Size) pt_shared_image_memory * 1024;
	room.of_server = (Size) min_dynamic_shared_memory * 1024 * 1024 / 2;
	room.of_system = room.free = SIZE_MAX / 2;
#ifdef __linux__
	look_at_shm(&room);
#endif
	return room;
}

Size
image_room_most(const ImageRoom *room)
{
	return Min(room->all, Max(room->of_server, room->of_system));
}
