/*
 * code_common.c
 *		Names that everybody has: those of the libraries that languages bring with
 *		them.
 *
 * The lists are of what is called most: functions that need no receiver, and
 * members. Words are in the order of their bytes, so that they can be searched.
 */
#include "postgres.h"

#include "code/code_common.h"

static const char c_functions[] =
	"abort abs accept access acos alarm aligned_alloc alloca arc4random asctime asin asprintf assert "
	"at_quick_exit atan atan2 atexit atof atoi atol atoll basename bind brk bsearch bzero calloc cbrt "
	"ceil chdir chmod chown chroot clearerr clock clock_gettime close closedir connect copysign cos "
	"creat crypt ctime daemon difftime dirname div dlclose dlerror dlopen dlsym dprintf dup dup2 "
	"endpwent environ err errx execl execle execlp execv execve execvp exit exp exp2 explicit_bzero "
	"fabs faccessat fallocate fchdir fchmod fchown fclose fcntl fdatasync fdopen feof ferror fflush "
	"fgetc fgetpos fgets fileno flock floor fma fmax fmemopen fmin fmod fnmatch fopen fork fprintf "
	"fputc fputs fread free freeaddrinfo freopen frexp fscanf fseek fseeko fsetpos fstat fstatat "
	"fsync ftell ftello ftruncate funlockfile fwrite gai_strerror getaddrinfo getc getchar getcwd "
	"getdelim getegid getenv geteuid getgid getgrgid getgrnam gethostbyname gethostname getline "
	"getnameinfo getopt getopt_long getpagesize getpeername getpgid getpid getppid getpriority "
	"getpwnam getpwuid getrandom getrlimit getrusage gets getsockname getsockopt gettimeofday getuid "
	"glob globfree gmtime gmtime_r htonl htons iconv iconv_close iconv_open index inet_addr inet_ntoa "
	"inet_ntop inet_pton ioctl isalnum isalpha isascii isatty isblank iscntrl isdigit isgraph isinf "
	"islower isnan isprint ispunct isspace isupper isxdigit kill labs ldexp link listen llabs llround "
	"localeconv localtime localtime_r lock log log10 log1p log2 longjmp lrint lround lseek lstat "
	"madvise malloc malloc_usable_size mblen mbrtowc mbstowcs mbtowc memccpy memchr memcmp memcpy "
	"memmem memmove mempcpy memrchr memset mkdir mkdtemp mkfifo mkostemp mkstemp mktemp mktime mlock "
	"mmap modf mount mprotect mremap msync munmap nanosleep nice ntohl ntohs offsetof open openat "
	"opendir openlog pathconf pause pclose perror pipe pipe2 poll popen posix_memalign pow prctl "
	"pread preadv printf pselect pthread_attr_destroy pthread_attr_init pthread_attr_setdetachstate "
	"pthread_attr_setstacksize pthread_cancel pthread_cond_broadcast pthread_cond_destroy "
	"pthread_cond_init pthread_cond_signal pthread_cond_timedwait pthread_cond_wait pthread_create "
	"pthread_detach pthread_equal pthread_exit pthread_getspecific pthread_join pthread_key_create "
	"pthread_kill pthread_mutex_destroy pthread_mutex_init pthread_mutex_lock pthread_mutex_trylock "
	"pthread_mutex_unlock pthread_once pthread_rwlock_init pthread_rwlock_rdlock "
	"pthread_rwlock_unlock pthread_rwlock_wrlock pthread_self pthread_setname_np pthread_setspecific "
	"pthread_sigmask pthread_yield putc putchar putenv puts pwrite pwritev qsort qsort_r quick_exit "
	"raise rand rand_r random read readdir readlink readv realloc reallocarray realpath recv recvfrom "
	"recvmsg regcomp regerror regexec regfree remove rename renameat rewind rindex rint rmdir round "
	"sbrk scandir scanf sched_yield seekdir select sem_destroy sem_init sem_post sem_wait send "
	"sendfile sendmsg sendto setbuf setegid setenv seteuid setgid setjmp setlocale setpgid "
	"setpriority setrlimit setsid setsockopt settimeofday setuid setvbuf shm_open shm_unlink shutdown "
	"sigaction sigaddset sigdelset sigemptyset sigfillset siglongjmp signal sigprocmask sigsetjmp "
	"sigsuspend sigwait sin sinh sleep snprintf socket socketpair sprintf sqrt srand srandom sscanf "
	"stat statfs statvfs stpcpy stpncpy strcasecmp strcasestr strcat strchr strchrnul strcmp strcoll "
	"strcpy strcspn strdup strerror strerror_r strftime strlcat strlcpy strlen strncasecmp strncat "
	"strncmp strncpy strndup strnlen strpbrk strptime strrchr strsep strsignal strspn strstr strtod "
	"strtof strtoimax strtok strtok_r strtol strtold strtoll strtoul strtoull strtoumax strxfrm "
	"symlink sync sysconf syslog system tan tanh tcflush tcgetattr tcsetattr tempnam time times "
	"tmpfile tmpnam toascii tolower toupper trunc truncate ttyname tzset umask umount uname ungetc "
	"unlink unlinkat unsetenv usleep utime utimes va_arg va_copy va_end va_start vasprintf vdprintf "
	"vfork vfprintf vprintf vsnprintf vsprintf vsscanf vsyslog wait wait3 wait4 waitpid warn warnx "
	"wcrtomb wcscat wcschr wcscmp wcscpy wcslen wcsncmp wcsncpy wcstombs wctomb wcwidth wmemcpy write "
	"writev";

static const char cpp_functions[] =
	"accumulate addressof adjacent_find advance all_of any_cast any_of apply as_const async "
	"back_inserter begin binary_search call_once cbegin cend clamp const_pointer_cast construct_at "
	"copy copy_backward copy_if copy_n count count_if cref declval defer_lock destroy destroy_at "
	"distance dynamic_pointer_cast emplace end endl equal equal_range exchange exclusive_scan fill "
	"fill_n find find_end find_first_of find_if find_if_not flush for_each for_each_n forward "
	"forward_as_tuple from_chars gcd generate generate_n get get_if get_temporary_buffer "
	"holds_alternative includes inclusive_scan inner_product inplace_merge inserter invoke iota "
	"is_heap is_partitioned is_permutation is_sorted is_sorted_until iter_swap launder lcm lerp "
	"lexicographical_compare lower_bound make_any make_exception_ptr make_heap make_move_iterator "
	"make_optional make_pair make_reverse_iterator make_shared make_tuple make_unique max max_element "
	"mem_fn merge midpoint min min_element minmax minmax_element mismatch move move_backward "
	"move_if_noexcept next next_permutation none_of not_fn nth_element ostream_iterator partial_sort "
	"partial_sum partition partition_copy pop_heap prev prev_permutation push_heap quoted rbegin "
	"reduce ref reinterpret_pointer_cast remove_copy remove_if rend replace replace_copy replace_if "
	"rethrow_exception reverse reverse_copy rotate rotate_copy sample search search_n set_difference "
	"set_intersection set_symmetric_difference set_union setfill setprecision setw shuffle size sort "
	"sort_heap ssize stable_partition stable_sort static_pointer_cast stod stof stoi stol stoll stoul "
	"stoull string_view swap swap_ranges terminate tie to_address to_chars to_string to_underlying "
	"to_wstring transform transform_reduce try_lock tuple_cat unexpected uninitialized_copy "
	"uninitialized_fill uninitialized_move unique unique_copy upper_bound use_facet visit ws";

static const char cpp_members[] =
	"any append assign at back bad before_begin begin bucket bucket_count c_str capacity "
	"cbefore_begin cbegin cend clear close code compare compare_exchange_strong compare_exchange_weak "
	"contains copy count crbegin crend data detach emplace emplace_after emplace_back emplace_front "
	"emplace_hint empty end ends_with eof equal_range erase erase_after error expired extract fail "
	"fetch_add fetch_sub fill find find_first_not_of find_first_of find_last_not_of find_last_of "
	"first flags flip flush front get get_allocator get_deleter get_future get_id good has_value "
	"hash_function ignore imbue index insert insert_after insert_or_assign is_open join joinable "
	"key_comp key_eq length load load_factor lock lock_shared lower_bound max_load_factor max_size "
	"merge message native_handle none notify_all notify_one open operator owner_before owns_lock peek "
	"pop pop_back pop_front precision push push_back push_front put putback rbegin rdbuf rdstate read "
	"rehash release remove remove_if rend replace reserve reset resize reverse rfind second seekg "
	"seekp set set_exception set_value setf setstate shrink_to_fit size sort splice starts_with store "
	"str substr swap sync target tellg tellp test time_since_epoch to_string top transform "
	"try_emplace try_lock try_lock_for unget unique unlock unlock_shared unsetf upper_bound use_count "
	"valid value value_comp value_or valueless_by_exception wait wait_for wait_until what width write";

static const char rust_functions[] =
	"assert catch_unwind channel copy create_dir create_dir_all current debug_assert drop empty exit "
	"forget format from_utf8 identity max min needs_drop null null_mut once panic print println read "
	"read_dir read_link read_to_string remove_dir remove_dir_all remove_file rename repeat replace "
	"size_of size_of_val sleep spawn stderr stdin stdout swap sync_channel take temp_dir transmute "
	"type_name unimplemented unreachable var vec write writeln yield_now zeroed zip";

static const char rust_members[] =
	"abs add advance all and and_then any append arg args as_bytes as_deref as_deref_mut as_mut "
	"as_mut_ptr as_mut_slice as_os_str as_path as_ptr as_ref as_slice as_str binary_search borrow "
	"borrow_mut build by_ref bytes call capacity ceil chain char_indices chars checked_add "
	"checked_div checked_mul checked_sub chunks chunks_exact clamp clear clone clone_from cloned cmp "
	"collect compare_exchange concat connect contains contains_key copied copy_from_slice count cycle "
	"dedup default deref deref_mut difference display div downgrade drain drop elapsed ends_with "
	"entry enumerate env eq eq_ignore_ascii_case err exists exit expect expect_err extend "
	"extend_from_slice extension fetch_add fetch_sub field file_name file_stem filter filter_map find "
	"find_map finish first flat_map flatten floor flush fmt fold for_each from from_bytes from_iter "
	"from_str from_utf8 from_utf8_lossy fuse ge get get_mut get_or_insert get_or_insert_with "
	"get_unchecked gt hash id index inner insert insert_str inspect inspect_err intersection into "
	"into_boxed_slice into_inner into_iter into_owned into_string is_absolute is_alphabetic "
	"is_alphanumeric is_ascii is_char_boundary is_digit is_dir is_empty is_err is_err_and is_file "
	"is_none is_numeric is_ok is_ok_and is_some is_some_and is_uppercase is_whitespace iter iter_mut "
	"join keys kind last le leak len lines load lock log lt map map_err map_or map_or_else map_while "
	"match_indices max max_by max_by_key metadata min min_by min_by_key modify mul ne neg new next "
	"next_back not now nth ok ok_or ok_or_else open or or_default or_else or_insert or_insert_with "
	"output parent parse partial_cmp partition peek peekable pop pop_back pop_front position pow "
	"product push push_back push_front push_str range read read_exact read_line read_to_end "
	"read_to_string recv reduce rem remove repeat replace replace_range reserve resize retain rev "
	"reverse rfind rotate_left rotate_right round rposition rsplit rsplit_once saturating_add "
	"saturating_sub scan send set size_hint skip skip_while slice sort sort_by sort_by_key "
	"sort_unstable sort_unstable_by spawn split split_at split_at_mut split_first split_last "
	"split_off split_once split_whitespace splitn sqrt starts_with status stderr stdin stdout step_by "
	"store strip_prefix strip_suffix sub sum swap swap_remove sync_all take take_while then then_some "
	"then_with to_ascii_lowercase to_ascii_uppercase to_be_bytes to_bytes to_le_bytes to_lowercase "
	"to_owned to_path_buf to_str to_string to_string_lossy to_uppercase to_vec total_cmp transpose "
	"trim trim_end trim_end_matches trim_matches trim_start trim_start_matches truncate try_borrow "
	"try_borrow_mut try_from try_into try_lock try_recv type_id union unwrap unwrap_err unwrap_or "
	"unwrap_or_default unwrap_or_else unwrap_unchecked unzip update upgrade values values_mut wait "
	"windows with_capacity wrapping_add wrapping_mul wrapping_sub write write_all write_char "
	"write_fmt write_str zip";

static const char go_functions[] =
	"append cap clear close complex copy delete imag len make max min new panic print println real "
	"recover";

static const char go_members[] =
	"Abs Accept Add Addr After AfterFunc All Append AppendFormat Args As Background Base Before Body "
	"Bool Buffered Bytes Call Cancel Clean Clone Close CloseWithError Cmp Code Commit Compare Compile "
	"Contains ContainsAny ContainsRune Context Copy Count Create Cut Data Date Deadline Decode "
	"DecodeString Default Del Delete Dial Dir Do Done Duration Elem Encode EncodeToString EndElement "
	"Equal EqualFold Err Error Errorf Eval Exec Execute Exists Exit Ext Fatal Fatalf Fatalln Field "
	"Fields File Fill Find FindAllString FindStringSubmatch Flag Float Flush Format Fprint Fprintf "
	"Fprintln Func Get Getenv Getwd Go Handle HandleFunc HasPrefix HasSuffix Header Helper Host ID "
	"Import Index IndexByte Info Init Insert Int Int64 Interface Intn Is IsAbs IsDir IsNil IsNotExist "
	"IsValid IsZero Items Iter Join Key Keys Kind Len Less Lines Listen Load LoadOrStore Local Lock "
	"Log Logf Lookup LookupEnv Map MapKeys Marshal MarshalIndent MarshalJSON Match MatchString Max "
	"Method Methods Min Minutes Mkdir MkdirAll ModTime Mode Move Mul MustCompile Name Nanoseconds New "
	"NewBuffer NewBufferString NewDecoder NewEncoder NewReader NewRequest NewScanner NewTicker "
	"NewTimer NewWriter Next Now Num NumField NumMethod Offset On Open OpenFile Parse ParseBool "
	"ParseFloat ParseForm ParseInt Path Peek Ping Pkg Pop Post Prefix Prepare Print Printf Println "
	"Ptr Push Put Query QueryRow Quote RLock RUnlock Range Read ReadAll ReadAt ReadByte ReadDir "
	"ReadFile ReadFrom ReadLine ReadRune ReadString Ready Receive Register Release Remove RemoveAll "
	"Rename Repeat Replace ReplaceAll ReplaceAllString Request Reset Resolve Reverse Rollback Round "
	"Rows Run Scan Seconds Seek Send Sequence Serve ServeHTTP Set SetBool SetInt SetString Setenv "
	"Shutdown Signal Size Skip Sleep Slice Sort Split SplitN Sprint Sprintf Sprintln Start Stat State "
	"Status Stop Store String StructField Sub Sum Swap Sync Tag TempDir Text Tick Time Title To "
	"ToLower ToUpper Trim TrimLeft TrimPrefix TrimRight TrimSpace TrimSuffix Truncate Type TypeOf UTC "
	"Uint Uint64 Unix UnixNano Unlock Unmarshal UnmarshalJSON Unquote Unwrap Update Valid Validate "
	"Value ValueOf Values Verify Version Visit Wait Walk WalkDir Warn With WithCancel WithTimeout "
	"WithValue Wrap Write WriteAt WriteByte WriteFile WriteHeader WriteRune WriteString WriteTo Year";

static const char java_functions[] =
	"addSuppressed asList assertEquals assertFalse assertNotNull assertNull assertSame assertThat "
	"assertThrows assertTrue checkNotNull clone compareTo copyOf emptyList emptyMap emptySet equals "
	"fail finalize format getCause getClass getLocalizedMessage getMessage getStackTrace hashCode "
	"initCause joining mock name notify notifyAll of ordinal printStackTrace requireNonNull "
	"singletonList sort spliterator toList toMap toSet toString valueOf values verify wait when";

static const char java_members[] =
	"abs absolutePath accept acquire add addAll addFirst addLast addSuppressed after allMatch and "
	"andThen anyMatch append apply applyAsInt applyAsLong arraycopy asList asReader available await "
	"before between boxed build byteValue call cancel capacity ceil charAt chars clear clone close "
	"codePointAt collect compare compareAndSet compareTo compareToIgnoreCase compile complete compose "
	"computeIfAbsent computeIfPresent concat contains containsAll containsKey containsValue copy "
	"copyOf copyOfRange count countDown createNewFile createTempFile current currentThread "
	"currentTimeMillis decode decrementAndGet defaultCharset delete deleteIfExists descendingIterator "
	"detach digest distinct divide doubleValue drainTo element elements empty emptyList emptyMap "
	"encode end endsWith ensureCapacity entrySet enumerate equals equalsIgnoreCase error exec execute "
	"exists exit exp fail fill filter finalize find findAny findFirst first firstKey flatMap flip "
	"floatValue floor floorMod flush forEach forEachOrdered forName format from get getAbsolutePath "
	"getAndAdd getAndIncrement getAndSet getAnnotation getArgument getAttribute getBoolean getByte "
	"getBytes getCanonicalName getCanonicalPath getCause getChars getClass getClassLoader "
	"getClassName getComponentType getConstructor getContext getCount getData getDate "
	"getDeclaredField getDeclaredFields getDeclaredMethod getDeclaredMethods getDefault getDouble "
	"getEntry getEnv getField getFields getFileName getFirst getFloat getHost getId getInputStream "
	"getInstance getInt getInterfaces getItem getKey getLast getLength getLocalizedMessage getLogger "
	"getLong getMessage getMethod getMethods getMimeType getModifiers getName getNumericValue "
	"getObject getOrDefault getOutputStream getPackage getParameterTypes getParent getParentFile "
	"getPath getPort getProperties getProperty getReader getResource getResourceAsStream "
	"getReturnType getRoot getRuntime getSimpleName getSize getSource getStackTrace getState "
	"getString getSuperclass getSystemResource getText getThreadGroup getTime getTimeZone getType "
	"getURL getUrl getValue getWriter group groupCount handle hasMoreElements hasMoreTokens hasNext "
	"hasRemaining hashCode headMap highestOneBit ifPresent ifPresentOrElse ignore incrementAndGet "
	"indexOf info init insert intValue intern interrupt interrupted intersects invoke invokeAll "
	"isAbsolute isAlive isAnnotationPresent isArray isAssignableFrom isBlank isCancelled isClosed "
	"isDefined isDigit isDirectory isDone isEmpty isEnum isEqual isFile isInfinite isInstance "
	"isInterface isInterrupted isLetter isLetterOrDigit isLowerCase isNaN isNull isOpen isPresent "
	"isPrimitive isUpperCase isValid isWhitespace iterator join joining keySet keys last lastIndexOf "
	"lastKey lastModified length limit lines list listFiles listIterator load loadClass lock log "
	"log10 longValue lookingAt lookup map mapToInt mapToLong mapToObj mark markSupported matcher "
	"matches max merge min minus mkdir mkdirs multiply nanoTime negate newCachedThreadPool "
	"newFixedThreadPool newInstance newLine next nextBoolean nextDouble nextElement nextInt nextLong "
	"nextToken noneMatch normalize notExists notify notifyAll now of ofNullable offer offerFirst "
	"offerLast open or orElse orElseGet orElseThrow ordinal parallel parse parseBoolean parseDouble "
	"parseInt parseLong peek peekFirst peekLast plus poll pollFirst pollLast pop position pow "
	"previous print printStackTrace printf println process pull push put putAll putIfAbsent putInt "
	"quote random range read readAllBytes readBoolean readByte readFully readInt readLine readLong "
	"readObject readUTF ready reduce region register release remaining remove removeAll removeFirst "
	"removeIf removeLast rename renameTo replace replaceAll replaceFirst request requireNonNull reset "
	"resolve retainAll reverse rewind round run schedule search select send set setAccessible "
	"setAttribute setCharAt setDaemon setLength setName setProperty setReadOnly setText setTime "
	"setValue setVisible shuffle shutdown shutdownNow signal signalAll singleton singletonList size "
	"skip sleep sort sorted split sqrt start startsWith stop store stream strip sub subList "
	"subSequence submit subset substring subtract sum supplyAsync swap sync tailMap take test then "
	"thenApply thenComparing thenCompose timedJoin toAbsolutePath toArray toBinaryString toByteArray "
	"toBytes toCharArray toDays toFile toHexString toInstant toList toLowerCase toMap toMillis toPath "
	"toSeconds toSet toString toURI toURL toUpperCase transfer trim trimToSize tryAcquire tryLock "
	"type unlock unmodifiableList unmodifiableMap unmodifiableSet unread update valueOf values visit "
	"wait warn warning write writeBytes writeInt writeObject writeTo writeUTF yield";

static const char kotlin_functions[] =
	"TODO also apply arrayListOf arrayOf assert async buildList buildMap buildSet buildString check "
	"coroutineScope delay emptySequence error generateSequence hashMapOf hashSetOf intArrayOf launch "
	"lazy let linkedMapOf listOf listOfNotNull mapOf maxOf minOf mutableListOf mutableMapOf "
	"mutableSetOf print println readLine repeat require requireNotNull run runBlocking runCatching "
	"sequence sequenceOf setOf sortedMapOf synchronized takeIf takeUnless to use with withContext";

static const char kotlin_members[] =
	"all also any asIterable asReversed asSequence associate associateBy associateWith average "
	"chunked coerceAtLeast coerceAtMost coerceIn component1 component2 copyInto countOrNull "
	"distinctBy drop dropLast dropWhile elementAt elementAtOrNull emit filterIndexed filterIsInstance "
	"filterKeys filterNot filterNotNull filterValues firstNotNullOf firstOrNull flatten fold "
	"foldRight forEachIndexed getOrElse getOrNull getOrPut groupBy groupingBy ifBlank ifEmpty inc "
	"indexOfFirst indexOfLast indices isInitialized isNotBlank isNotEmpty isNullOrBlank isNullOrEmpty "
	"isSuccess joinToString lastOrNull let lineSequence lowercase mapIndexed mapKeys mapNotNull mapTo "
	"mapValues maxByOrNull maxOf maxOrNull minByOrNull minOf minOrNull minusAssign none onEach "
	"onFailure onSuccess orEmpty padEnd padStart partition plusAssign prependIndent readText removeAt "
	"removePrefix removeSuffix removeSurrounding reversed runCatching shuffled single singleOrNull "
	"slice sortBy sortByDescending sortDescending sortWith sortedBy sortedByDescending "
	"sortedDescending sortedWith step substringAfter substringAfterLast substringBefore "
	"substringBeforeLast sumBy sumOf takeIf takeLast takeUnless takeWhile to toBoolean toByte toChar "
	"toDouble toFloat toHashSet toInt toIntOrNull toLong toLongOrNull toMutableList toMutableMap "
	"toMutableSet toPair toRegex toShort toSortedMap toTypedArray trimEnd trimIndent trimMargin "
	"trimStart until uppercase use useLines withDefault withIndex writeText zip zipWithNext";

static const char scala_functions[] =
	"apply assert assume classOf identity implicitly locally max min print printf println require "
	"unapply";

static const char scala_members[] =
	"++ ++= += -- -= :: ::: aggregate appended appendedAll applyOrElse asInstanceOf asJava asScala "
	"average canEqual collectFirst combinations corresponds dequeue diff distinctBy drop dropRight "
	"dropWhile enqueue filterNot flatten fold foldLeft foldRight forall foreach getOrElse "
	"getOrElseUpdate groupBy groupMap grouped head headOption indexWhere indices inits insertAll "
	"intersect isDefinedAt isInstanceOf isLeft isRight lastOption left lift mapValues maxBy minBy "
	"mkString nonEmpty onComplete orNull padTo partition patch permutations prepend prepended product "
	"productIterator recover recoverWith reduceLeft reduceOption reverseIterator right sameElements "
	"scan scanLeft segmentLength slice sliding sortBy sortWith span splitAt stripMargin stripPrefix "
	"stripSuffix tail tails takeRight takeWhile tap toBuffer toDouble toEither toFloat toIndexedSeq "
	"toInt toIterator toLeft toLong toOption toRight toSeq toStream toVector transform transpose "
	"traverse union unzip updated view withDefault withDefaultValue withFilter zip zipAll "
	"zipWithIndex |>";

static const char csharp_functions[] =
	"Dispose Equals Finalize GetHashCode GetType MemberwiseClone ReferenceEquals ToString nameof "
	"typeof";

static const char csharp_members[] =
	"Abs Accept Add AddDays AddHours AddMinutes AddMonths AddOrUpdate AddRange AddSeconds Aggregate "
	"All Any Append AppendFormat AppendLine Array AsEnumerable AsReadOnly AsSpan AsTask Assert "
	"Average BeginInvoke BinarySearch Bind Build Cancel CancelAfter Cast Ceiling Clear Clone Close "
	"Combine Compare CompareExchange CompareTo Complete Compute Concat ConfigureAwait Contains "
	"ContainsKey ContainsValue ContinueWith Convert Copy CopyTo CopyToAsync Count Create "
	"CreateDirectory CreateInstance Current Debug Decrement DefaultIfEmpty Delay Delete Dequeue "
	"Deserialize Dispose DisposeAsync Distinct DistinctBy ElementAt ElementAtOrDefault Empty "
	"EndInvoke EndsWith Enqueue Enter EnumerateFiles Equals Error Except Exchange Execute "
	"ExecuteAsync ExecuteNonQuery Exists Exit Fill Find FindAll FindIndex First FirstOrDefault Flush "
	"FlushAsync ForEach Format FromResult FromSeconds Get GetAsync GetAttribute GetAwaiter "
	"GetByteCount GetBytes GetConstructor GetCustomAttribute GetCustomAttributes GetDirectoryName "
	"GetElementType GetEnumerator GetEnvironmentVariable GetExtension GetField GetFields GetFileName "
	"GetFiles GetFullPath GetGenericArguments GetHashCode GetInterfaces GetLength GetMethod "
	"GetMethods GetName GetOrAdd GetProperties GetProperty GetRange GetResult GetService GetString "
	"GetType GetTypeInfo GetValue GetValueOrDefault GroupBy HasFlag HasValue Increment IndexOf "
	"IndexOfAny Info Init Initialize Insert InsertRange Intersect Invoke InvokeAsync IsAssignableFrom "
	"IsDefined IsDigit IsInstanceOfType IsLetter IsLetterOrDigit IsMatch IsNullOrEmpty "
	"IsNullOrWhiteSpace IsSubclassOf IsWhiteSpace Join KeyExists Last LastIndexOf LastOrDefault Load "
	"Lock Log LogDebug LogError LogInformation LogWarning Map Match Matches Max MaxBy Min MinBy "
	"MoveNext Multiply New Next NextBytes Normalize NotifyAll Now OfType Open OpenRead OpenWrite "
	"OrderBy OrderByDescending PadLeft PadRight Parse Peek Pop Pow Prepend Publish Pulse Push Put "
	"Read ReadAllBytes ReadAllLines ReadAllText ReadAsStringAsync ReadAsync ReadByte ReadBytes "
	"ReadInt32 ReadKey ReadLine ReadLineAsync ReadString ReadToEnd ReadToEndAsync Register Release "
	"Remove RemoveAll RemoveAt RemoveRange Repeat Replace Request Reset Resolve Reverse Round Run "
	"Save SaveChanges SaveChangesAsync Seek Select SelectMany Send SendAsync SequenceEqual Serialize "
	"Set SetAttribute SetLength SetResult SetValue Shutdown Signal Single SingleOrDefault Skip "
	"SkipWhile Sleep Slice Sort Split Sqrt Start StartNew StartsWith Stop Subscribe Substring "
	"Subtract Sum Swap Take TakeWhile Test ThenBy ThenByDescending Throw ThrowIfCancellationRequested "
	"ToArray ToArrayAsync ToBoolean ToByte ToCharArray ToDictionary ToDouble ToHashSet ToInt32 "
	"ToInt64 ToList ToListAsync ToLocalTime ToLookup ToLower ToLowerInvariant ToString "
	"ToUniversalTime ToUpper ToUpperInvariant Trace Trim TrimEnd TrimStart Try TryAdd TryDequeue "
	"TryEnter TryGetValue TryParse TryPeek TryPop TryRead TryRemove TryTake TryUpdate TryWrite Union "
	"Update Validate Visit Wait WaitAll WaitAny WaitAsync WaitForExit WaitOne Warn WhenAll WhenAny "
	"Where With Write WriteAllBytes WriteAllText WriteAsync WriteByte WriteLine WriteLineAsync Yield "
	"Zip";

static const char ruby_functions[] =
	"abort after alias_method at_exit attr attr_accessor attr_reader attr_writer autoload before "
	"binding block_given? caller catch class_eval context define_method describe dup eval exec exit "
	"expect extend fail fork format freeze gets include instance_eval instance_variable_get "
	"instance_variable_set is_a? it lambda let load loop method module_function nil? open p pp "
	"prepend print printf private private_class_method private_constant proc protected public puts "
	"raise rand require require_relative respond_to? send sleep spawn sprintf srand subject super "
	"system tap test then throw trap warn";

static const char ruby_members[] =
	"! != << <=> == === =~ [] []= abs absolute_path add all? allocate ancestors any? append args "
	"arity assoc at attributes backtrace basename begin between? bind blank? body bytes bytesize call "
	"capitalize captures casecmp ceil center chars children chomp chop chr chunk class class_eval "
	"clear clone close closed? code coerce collect collect_concat combination compact "
	"compare_by_identity concat const_get const_missing const_set constants count cover? create "
	"created_at cycle day default define_method define_singleton_method delete delete_at delete_if "
	"delete_prefix delete_suffix detect dig dirname disjoint? display divmod downcase drop drop_while "
	"dump dup each each_char each_cons each_entry each_key each_line each_pair each_slice each_value "
	"each_with_index each_with_object empty? encode encoding end end_with? entries enum_for eof? eql? "
	"equal? errors eval even? except exclude? execute exist? exists? exit expand_path extend extname "
	"fetch fetch_values file? fill filter filter_map find find_all find_by find_index first flat_map "
	"flatten floor flush fold force_encoding foreach format freeze frozen? gcd get getc gets glob "
	"grep group_by gsub gsub! has_key? has_value? hash header hex hour id in? include include? "
	"included_modules index indexes indices inject insert inspect instance_eval instance_method "
	"instance_methods instance_of? instance_variable_defined? instance_variable_get "
	"instance_variable_set instance_variables intern intersect? invert is_a? iterator? join keep_if "
	"key key? keys kind_of? lambda? last lazy length line lines list ljust load lock log lookup "
	"lstrip map map! match match? max max_by member? members merge merge! message method "
	"method_defined? method_missing methods min min_by minmax minute mkdir mkdir_p modify month name "
	"names negative? new next next_float nil? none? none_or_one? nonzero? now object_id odd? on one? "
	"open ord owner pack parameters params parent parse partition path peek permutation pluck pop pos "
	"positive? post pow pred prepend presence present? private_method_defined? proc product "
	"public_send push put puts query rand random rationalize read readable? readline readlines "
	"realpath reduce refresh regexp reject rename reopen repeated_combination replace request require "
	"respond_to? respond_to_missing? response result resume rethrow reverse reverse_each rewind "
	"rindex rjust rotate round rpartition rstrip run sample save scan seek select send set setup "
	"shift shuffle signal singleton_class singleton_methods size skip sleep slice slice_when sort "
	"sort_by source source_location split squeeze start start_with? stat status step stop store "
	"strftime string strip sub sub! subclasses succ sum superclass swapcase symbolize_keys sync "
	"synchronize take take_while tally tap test then throw time times title to_a to_c to_date to_f "
	"to_h to_i to_json to_param to_path to_proc to_r to_s to_set to_str to_sym to_time to_yaml tr "
	"transaction transform_keys transform_values transpose trim truncate try type unbind union uniq "
	"unlink unlock unpack unpack1 unshift upcase update upto url use utc valid? validate value value? "
	"values values_at visit wait warn where with_index with_indifferent_access write year yield zero? "
	"zip";

static const char php_functions[] =
	"abs array_chunk array_column array_combine array_count_values array_diff array_diff_key "
	"array_fill array_fill_keys array_filter array_flip array_intersect array_intersect_key "
	"array_key_exists array_key_first array_key_last array_keys array_map array_merge "
	"array_merge_recursive array_pad array_pop array_product array_push array_rand array_reduce "
	"array_replace array_reverse array_search array_shift array_slice array_splice array_sum "
	"array_unique array_unshift array_values array_walk arsort asort assert base64_decode "
	"base64_encode basename bin2hex call_user_func call_user_func_array ceil chdir checkdate chmod "
	"chr class_exists compact constant copy count crc32 ctype_alpha ctype_digit ctype_upper "
	"curl_close curl_exec curl_init curl_setopt current date debug_backtrace debug_zval_refcount "
	"define defined die dirname each echo empty end error_log error_reporting escapeshellarg eval "
	"exec exit explode extension_loaded extract fclose feof fflush fgetcsv fgets file file_exists "
	"file_get_contents file_put_contents filemtime filesize filter_var flock floor fopen fputs fread "
	"fscanf fseek fsockopen fstat ftell ftruncate func_get_arg func_get_args func_num_args "
	"function_exists fwrite gc_collect_cycles get_called_class get_class get_class_methods "
	"get_object_vars get_parent_class getcwd getenv gethostname getmypid gettype glob gmdate hash "
	"hash_algos hash_equals hash_hmac header headers_sent hex2bin htmlentities htmlspecialchars "
	"http_build_query iconv implode in_array ini_get ini_set intdiv interface_exists intval is_a "
	"is_array is_bool is_callable is_dir is_file is_float is_int is_integer is_iterable is_null "
	"is_numeric is_object is_readable is_resource is_scalar is_string is_subclass_of is_writable "
	"isset iterator_to_array join json_decode json_encode json_last_error key key_exists krsort ksort "
	"lcfirst levenshtein list log ltrim max mb_convert_encoding mb_strlen mb_strpos mb_strtolower "
	"mb_strtoupper mb_substr md5 memory_get_usage method_exists microtime min mkdir mktime "
	"move_uploaded_file mt_rand natsort next nl2br number_format ob_end_clean ob_get_clean ob_start "
	"opendir ord pack parse_str parse_url passthru pathinfo php_sapi_name phpversion pow preg_grep "
	"preg_last_error preg_match preg_match_all preg_quote preg_replace preg_replace_callback "
	"preg_split print print_r printf proc_open property_exists rand random_bytes random_int range "
	"rawurlencode readdir readfile realpath register_shutdown_function rename reset "
	"restore_error_handler rmdir round rsort rtrim scandir serialize session_start set_error_handler "
	"set_exception_handler setcookie setlocale settype sha1 shell_exec shuffle simplexml_load_string "
	"sleep sort spl_autoload_register spl_object_hash spl_object_id sprintf sqrt sscanf str_contains "
	"str_ends_with str_ireplace str_pad str_repeat str_replace str_split str_starts_with strcasecmp "
	"strchr strcmp stream_context_create stream_get_contents strip_tags stripos stripslashes strlen "
	"strncasecmp strncmp strpos strrev strrpos strstr strtolower strtotime strtoupper strtr strval "
	"substr substr_count substr_replace sys_get_temp_dir system tempnam time touch trait_exists "
	"trigger_error trim uasort ucfirst ucwords uksort umask uniqid unlink unpack unserialize unset "
	"urldecode urlencode usleep usort utf8_decode utf8_encode var_dump var_export version_compare "
	"vsprintf wordwrap xml_parser_create";

static const char php_members[] =
	"__call __callStatic __clone __construct __destruct __get __invoke __isset __serialize __set "
	"__toString __unserialize __unset add all append asort attach attributes bind bindParam bindValue "
	"clear clone close commit connect contains count createFromFormat current delete detach diff each "
	"end errorInfo exchangeArray exec execute exists fetch fetchAll fetchColumn filter find findAll "
	"first flush format from get getArguments getArrayCopy getAttribute getAttributes getBody "
	"getClass getCode getConstants getContents getData getDocComment getErrorCode getFile getFileName "
	"getId getIterator getKey getLine getMessage getMethod getMethods getName getNamespaceName "
	"getOffset getParameters getParentClass getPath getPrevious getProperties getProperty getRequest "
	"getResponse getShortName getSize getStatusCode getTimestamp getTrace getTraceAsString getType "
	"getUri getValue handle has hasMethod hasProperty implementsInterface info init insert invoke "
	"isEmpty isInstance isInterface isValid item jsonSerialize key keys last lastInsertId load "
	"loadHTML loadXML log map match merge modify newInstance newInstanceArgs next notify offsetExists "
	"offsetGet offsetSet offsetUnset open parse pop prepare process push put query quote read reduce "
	"register remove render replace request reset response rewind rollBack rollback rowCount run save "
	"search select send serialize set setAccessible setAttribute setFetchMode setTimestamp "
	"setTimezone setValue shift size slice sort start stop store sub tell then toArray toString top "
	"unserialize update valid validate values visit with write xpath";

static const char swift_functions[] =
	"XCTAssert XCTAssertEqual XCTAssertFalse XCTAssertNil XCTAssertNotNil XCTAssertThrowsError "
	"XCTAssertTrue XCTFail abs assert assertionFailure debugPrint dump fatalError init max min "
	"numericCast precondition preconditionFailure print readLine repeatElement sequence stride swap "
	"type unsafeBitCast withUnsafeBytes withUnsafePointer zip";

static const char swift_members[] =
	"add addObserver addSubview addTarget advance advanced allSatisfy append appendingPathComponent "
	"async asyncAfter autoconnect bind bool cancel capitalized ceil close compactMap compare "
	"completed components contains contentsOfDirectory copy count create createDirectory data date "
	"deallocate decode decodeIfPresent default delete description difference dismiss distance drop "
	"dropFirst dropLast elementsEqual encode encodeIfPresent enqueue enumerate enumerated execute "
	"exists fetch fileExists fill filter finish first firstIndex flatMap flush forEach formIndex "
	"formUnion format get hasPrefix hasSuffix hash index init initialize insert intersection "
	"invalidate invoke isDisjoint isEmpty isEqual isSubset isSuperset joined keys last lastIndex "
	"layoutIfNeeded leave load lock log lowercased makeIterator map mapError mapValues max merge "
	"merging min move negate next notify object observe offsetBy open override partition perform "
	"performSelector popFirst popLast post prefix prepare present print publisher push randomElement "
	"range read receive reduce register release remove removeAll removeFirst removeLast "
	"removeObserver removeValue replace replaceSubrange replacingOccurrences reserveCapacity reset "
	"resign resume reverse reversed rounded run save scan schedule search send set setNeedsLayout "
	"setValue shuffle shuffled signal sink sleep sort sorted split start starts stop store stride "
	"string sub subscribe subscript substring subtracting suffix suspend swapAt symmetricDifference "
	"sync synchronize toggle trimmingCharacters union unlock update updateValue uppercased validate "
	"value values viewDidLoad wait withUnsafeBytes withUnsafeMutableBytes withUnsafePointer write zip";

static const char python_members[] =
	"__call__ __enter__ __eq__ __exit__ __getattr__ __getitem__ __hash__ __init__ __iter__ __len__ "
	"__next__ __repr__ __setitem__ __str__ acquire add add_argument all any append appendleft "
	"as_posix astype basename bind bit_length cancel capitalize casefold center clear close commit "
	"compile connect copy count create_task cursor date debug decode default_factory delete "
	"difference digest dirname discard done dump dumps emit encode end endswith error exception "
	"execute exists exit expanduser extend extendleft fetchall fetchone fileno fill filter find "
	"findall finditer flush format format_map from_bytes fromisoformat fromkeys fullmatch get "
	"get_event_loop getcwd getvalue group groupdict groups has_key hexdigest index info insert "
	"intersection invert is_absolute is_alive is_dir is_file is_set isalnum isalpha isatty isdigit "
	"isdir isdisjoint isfile islower isnumeric isoformat isspace issubset issuperset istitle isupper "
	"items iterdir join joinpath keys kill lines ljust load loads locate lock log lower lstrip "
	"makedirs maketrans map match max mean min mkdir move_to_end name next notify now open parse "
	"parse_args partition path poll pop popitem popleft post print put query quote raise_for_status "
	"randint random range read readable readline readlines recv register release remove removeprefix "
	"removesuffix rename repeat replace request reset resolve result reverse rfind rindex rjust rmdir "
	"rollback rotate rpartition rsplit rstrip run save search seek select send sendall set set_result "
	"setdefault settimeout shape shutdown sleep sort span split splitlines start start_server "
	"startswith stat stop strftime strip strptime sub submit sum swapcase tell terminate timestamp "
	"title to_bytes today tolist total_seconds touch translate truncate type union unlink unregister "
	"update upper utcnow value values verify wait warn warning with_suffix writable write write_text "
	"writelines zfill";

static const char javascript_members[] =
	"abort accept add addEventListener all allSettled any append appendChild apply assert assign at "
	"back before bind blur call catch charAt charCodeAt clear clearInterval clearTimeout click clone "
	"cloneNode close closest codePointAt concat configure connect contains copyWithin create "
	"createElement cwd debug decode defineProperties defineProperty delete destroy disconnect "
	"dispatch dispatchEvent emit encode end endsWith entries equal equals error evaluate every exec "
	"exists exit fetch fill filter finally find findIndex findLast first flat flatMap flush focus "
	"forEach formData format freeze from fromEntries get getAttribute getBoundingClientRect "
	"getContext getElementById getItem getOwnPropertyNames getPrototypeOf getTime getTimezoneOffset "
	"getUTCFullYear group has hasAttribute hasOwnProperty head hide includes indexOf info init "
	"initialize insertBefore is isArray isFinite isInteger isNaN isPrototypeOf item join json keys "
	"last lastIndexOf length link listen load localeCompare log lookup map mark match matchAll "
	"matches max measure min next normalize now observe of off on once open padEnd padStart parse "
	"parseFloat parseInt pause pipe pop post postMessage preventDefault print push put query "
	"querySelector querySelectorAll quit race random raw read readFile readFileSync ready reduce "
	"reduceRight register reject remove removeAttribute removeChild removeEventListener removeItem "
	"removeListener render repeat replace replaceAll replaceWith request reset resolve respond resume "
	"return reverse revoke round run save scroll search select send set setAttribute setItem setTime "
	"setTimeout shift show size slice some sort splice split start startsWith stat status stop "
	"stopPropagation stringify sub subscribe substr substring terminate test text then throw toArray "
	"toDateString toFixed toISOString toJSON toLocaleDateString toLocaleString toLocaleTimeString "
	"toLowerCase toPrecision toString toUpperCase toggle trace trim trimEnd trimStart trunc unobserve "
	"unref unshift unsubscribe update use validate value valueOf values wait warn write writeFile "
	"writeFileSync";

typedef struct Common
{
	const char *language;		/* the first of its names */
	const char *functions;
	const char *members;
	const char *more;			/* a language whose names it has, too, or NULL */
} Common;

static const Common common[] = {
	{"c", c_functions, "", NULL},
	{"cpp", cpp_functions, cpp_members, "c"},
	{"rust", rust_functions, rust_members, NULL},
	{"go", go_functions, go_members, NULL},
	{"java", java_functions, java_members, NULL},
	{"kotlin", kotlin_functions, kotlin_members, "java"},
	{"scala", scala_functions, scala_members, "java"},
	{"csharp", csharp_functions, csharp_members, NULL},
	{"ruby", ruby_functions, ruby_members, NULL},
	{"php", php_functions, php_members, NULL},
	{"swift", swift_functions, swift_members, NULL},
	{"python", "", python_members, NULL},
	{"javascript", "", javascript_members, NULL},
	{"typescript", "", "", "javascript"},
	{"vue", "", "", "javascript"},
	{"objective-c", "", "", "c"},
	{"objective-c++", "", "", "cpp"},
};

/* Is it one of the words, which are in order, with blanks between them? */
static bool
has_word(const char *words, PtText word)
{
	const char *low = words;
	const char *high = words + strlen(words);

	while (low < high)
	{
		const char *start = low + (high - low) / 2;
		const char *end;
		int			order;

		while (start > low && start[-1] != ' ')
			start--;
		for (end = start; *end != ' ' && *end != '\0'; end++)
			;
		order = pt_compare_texts(word, (PtText) {start, end - start});
		if (order == 0)
			return true;
		if (order < 0)
			high = start;
		else
			low = *end == ' ' ? end + 1 : end;
	}
	return false;
}

static const Common *
common_of(const char *language)
{
	for (int i = 0; i < lengthof(common); i++)
	{
		if (strcmp(common[i].language, language) == 0)
			return &common[i];
	}
	return NULL;
}

bool
code_is_common(const CodeLanguage *language, PtText name, bool is_member)
{
	/* without a receiver a member of one's own may be meant, where these are seen by their name alone */
	bool		may_be_member = is_member || (language->grammar & NAME_MEMBERS) != 0;

	if (!code_language_is_known(language) || name.length == 0)
		return false;
	for (const Common *names = common_of(language->names[0]); names != NULL;
		 names = names->more != NULL ? common_of(names->more) : NULL)
	{
		if ((!is_member && has_word(names->functions, name)) || (may_be_member && has_word(names->members, name)))
			return true;
	}
	return false;
}
