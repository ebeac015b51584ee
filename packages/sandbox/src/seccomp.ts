/** A seccomp profile in the shape that `SecurityOpt: seccomp=<json>` takes. */
export interface SeccompProfile {
  readonly defaultAction: 'SCMP_ACT_ERRNO'
  readonly archMap: readonly { readonly architecture: string; readonly subArchitectures: readonly string[] }[]
  readonly syscalls: readonly SeccompRule[]
}
interface SeccompRule {
  readonly names: readonly string[]
  readonly action: 'SCMP_ACT_ALLOW' | 'SCMP_ACT_ERRNO'
  readonly errnoRet?: number
  readonly args?: readonly { readonly index: number; readonly value: number; readonly valueTwo?: number; readonly op: 'SCMP_CMP_EQ' | 'SCMP_CMP_MASKED_EQ' }[]
}

/**
 * What test suites of ordinary programs need, and nothing else: files, memory, processes, threads, signals, time,
 * sockets. Left out on purpose although Docker's default has them: io_uring, ptrace and process_vm (one process must
 * not reach into another), the kernel keyrings, perf, bpf, userfaultfd, file handles, vmsplice, every kind of
 * namespace and mount, clocks that can be set. 32-bit calls are not mapped at all.
 */
const ALLOWED = words(`
  access alarm arch_prctl brk capget chdir chmod chown close close_range copy_file_range creat dup dup2 dup3
  epoll_create epoll_create1 epoll_ctl epoll_ctl_old epoll_pwait epoll_pwait2 epoll_wait epoll_wait_old eventfd eventfd2
  execve execveat exit exit_group faccessat faccessat2 fadvise64 fallocate fchdir fchmod fchmodat fchmodat2 fchown fchownat
  fcntl fdatasync fgetxattr flistxattr flock fork fremovexattr fsetxattr fstat fstatfs fsync ftruncate futex futex_waitv
  futex_wake futex_wait futex_requeue futimesat
  get_robust_list get_thread_area getcpu getcwd getdents getdents64 getegid geteuid getgid getgroups getitimer
  getpeername getpgid getpgrp getpid getppid getpriority getrandom getresgid getresuid getrlimit getrusage getsid
  getsockname getsockopt gettid gettimeofday getuid getxattr
  inotify_add_watch inotify_init inotify_init1 inotify_rm_watch ioctl ioprio_get ioprio_set kill
  lchown lgetxattr link linkat listen listxattr llistxattr lremovexattr lseek lsetxattr lstat
  landlock_create_ruleset landlock_add_rule landlock_restrict_self
  madvise membarrier memfd_create mincore mkdir mkdirat mknod mknodat mlock mlock2 mlockall mmap mprotect mremap
  mq_getsetattr mq_notify mq_open mq_timedreceive mq_timedsend mq_unlink msgctl msgget msgrcv msgsnd msync munlock munlockall munmap
  nanosleep newfstatat open openat openat2 pause pidfd_open pidfd_send_signal pipe pipe2 pkey_alloc pkey_free pkey_mprotect
  poll ppoll prctl pread64 preadv preadv2 prlimit64 pselect6 pwrite64 pwritev pwritev2
  read readahead readlink readlinkat readv recvfrom recvmmsg recvmsg remap_file_pages removexattr rename renameat renameat2
  restart_syscall rmdir rseq rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend
  rt_sigtimedwait rt_tgsigqueueinfo
  sched_get_priority_max sched_get_priority_min sched_getaffinity sched_getattr sched_getparam sched_getscheduler
  sched_rr_get_interval sched_setaffinity sched_setattr sched_setparam sched_setscheduler sched_yield
  seccomp select semctl semget semop semtimedop sendfile sendmmsg sendmsg sendto
  set_robust_list set_thread_area set_tid_address setfsgid setfsuid setgid setgroups setitimer setpgid setpriority
  setregid setresgid setresuid setreuid setrlimit setsid setsockopt setuid setxattr shmat shmctl shmdt shmget shutdown
  sigaltstack signalfd signalfd4 socketpair splice stat statfs statx symlink symlinkat sync sync_file_range syncfs sysinfo
  tee tgkill time timer_create timer_delete timer_getoverrun timer_gettime timer_settime timerfd_create timerfd_gettime
  timerfd_settime times tkill truncate umask uname unlink unlinkat utime utimensat utimes
  accept accept4 bind connect clock_getres clock_gettime clock_nanosleep
  vfork wait4 waitid waitpid write writev
`)

/** Answered with "no such call" instead of "not permitted", so that programs take the older way they all know. */
const NOT_THERE = words('clone3 io_uring_setup io_uring_enter io_uring_register process_vm_readv process_vm_writev memfd_secret userfaultfd')
const ENOSYS = 38

/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET: a process may be cloned, a namespace not. */
const NAMESPACE_FLAGS = 0x7e02_0000

/** AF_UNIX, AF_INET, AF_INET6, AF_NETLINK (which lists the interfaces): no AF_VSOCK, AF_ALG, AF_PACKET. */
const SOCKET_FAMILIES = [1, 2, 10, 16]

/** The ordinary one, 32-bit layouts and address space without randomness (for `setarch`), and the question which it is. */
const PERSONALITIES = [0x0, 0x8, 0x2_0000, 0x2_0008, 0xffff_ffff]

export function roomSeccompProfile(): SeccompProfile {
  return {
    defaultAction: 'SCMP_ACT_ERRNO',
    archMap: [
      { architecture: 'SCMP_ARCH_X86_64', subArchitectures: [] },
      { architecture: 'SCMP_ARCH_AARCH64', subArchitectures: [] },
    ],
    syscalls: [
      { names: ALLOWED, action: 'SCMP_ACT_ALLOW' },
      { names: ['clone'], action: 'SCMP_ACT_ALLOW', args: [{ index: 0, value: NAMESPACE_FLAGS, valueTwo: 0, op: 'SCMP_CMP_MASKED_EQ' }] },
      ...SOCKET_FAMILIES.map((family) => onlyWith('socket', family)),
      ...PERSONALITIES.map((personality) => onlyWith('personality', personality)),
      { names: NOT_THERE, action: 'SCMP_ACT_ERRNO', errnoRet: ENOSYS },
    ],
  }
}

function onlyWith(name: string, value: number): SeccompRule {
  return { names: [name], action: 'SCMP_ACT_ALLOW', args: [{ index: 0, value, op: 'SCMP_CMP_EQ' }] }
}

function words(text: string): string[] {
  return text.trim().split(/\s+/)
}
