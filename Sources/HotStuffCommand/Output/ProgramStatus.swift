/// How the program ends, in the numbers of BSD's sysexits.
enum ProgramStatus: Int32, Sendable, CaseIterable {
    /// All is well.
    case success = 0
    /// The answer is no: a key without value, a swap that was not made, a demo whose replicas disagree.
    case no = 1
    /// The command line is wrong (EX_USAGE).
    case usage = 64
    /// A file cannot be understood or is damaged (EX_DATAERR).
    case data = 65
    /// A file is missing (EX_NOINPUT).
    case noInput = 66
    /// An address cannot be had, or too few replicas answer (EX_UNAVAILABLE).
    case unavailable = 69
    /// The program itself or a process that it started failed (EX_SOFTWARE).
    case software = 70
    /// A file cannot be created (EX_CANTCREAT).
    case cannotCreate = 73
    /// Reading or writing failed (EX_IOERR).
    case inputOutput = 74
    /// It may work later: the replicas are busy, a data directory is in use (EX_TEMPFAIL).
    case temporary = 75
    /// The operating system or a rule about secrets forbids it (EX_NOPERM).
    case noPermission = 77
    /// A configuration can be read, but contradicts itself, its key or its data (EX_CONFIG).
    case configuration = 78
}
