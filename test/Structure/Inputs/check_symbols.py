"""check_symbols.py [--f64] [--also=NAME] FILE...: no object or shared library calls a function of libm.

The generated code may copy and clear memory; the runtime inside a shared library may call a few
functions of the C library. With --f64 the functions of libm on double are allowed as well: those of
float never are, nor the conversions and integer divisions of a compiler's support library.
"""

import subprocess
import sys

CODE = {"memcpy", "memmove", "memset", "memcmp", "bcmp"}
RUNTIME = CODE | set(
    """
    __errno_location __getdelim __isoc99_sscanf __isoc23_sscanf sscanf getdelim getline calloc malloc
    free posix_memalign clock_gettime nanosleep close fclose fopen fstat open read pread mmap munmap
    madvise mprotect getenv memchr strchr strcmp strncmp strcpy strcspn strerror strlen strstr
    strtol strtoul snprintf vsnprintf pthread_create pthread_join pthread_detach pthread_mutex_init
    pthread_mutex_destroy pthread_mutex_lock pthread_mutex_unlock pthread_once pthread_atfork
    pthread_sigmask sigfillset sched_yield sched_getaffinity __sched_cpucount sysconf syscall
    dlerror dlopen dlsym realloc __cxa_finalize __gmon_start__ _ITM_deregisterTMCloneTable _ITM_registerTMCloneTable
    """.split()
)
DOUBLE = set(
    """
    acos acosh asin asinh atan atan2 atanh cbrt ceil cos cosh erf exp exp2 exp10 expm1 fabs floor
    fma fmod log log10 log1p log2 nearbyint pow rint round roundeven sin sinh sqrt tan tanh trunc
    """.split()
)


def undefined(path):
    shared = path.endswith(".so")
    command = ["llvm-nm", "--undefined-only", "--format=just-symbols"]
    text = subprocess.run(
        command + (["--dynamic"] if shared else []) + [path],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    names = {line.split("@")[0].strip() for line in text.splitlines()}
    return {n for n in names if n and not n.endswith(":") and "(" not in n}


def main():
    flags = [a for a in sys.argv[1:] if a.startswith("--")]
    files = [a for a in sys.argv[1:] if not a.startswith("--")]
    further = {f.removeprefix("--also=") for f in flags} | (DOUBLE if "--f64" in flags else set())
    bad = 0
    for path in files:
        allowed = (RUNTIME if path.endswith(".so") else CODE) | further
        for name in sorted(undefined(path) - allowed):
            bad += 1
            print(f"problem: {path} calls {name}")
    print(f"{len(files)} files, {bad} calls that are not allowed")
    sys.exit(1 if bad else 0)


main()
