import HotStuffSimulator
import HotStuffStorage
import Testing

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#endif

@Suite("A real disk")
struct RealDiskTests {
    private let temporary: TemporaryDirectory
    private let disk: RealDisk
    private var path: String { temporary.path + "/data" }

    init() throws {
        temporary = try TemporaryDirectory()
        disk = try RealDisk(path: temporary.path + "/data", createIfMissing: true)
    }

    private func read(_ file: some DiskFile, _ count: Int, at offset: UInt64) throws(DiskError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var span = bytes.mutableSpan
        var buffer = span.mutableBytes
        let found = try file.read(into: &buffer, at: offset)
        return Array(bytes.prefix(found))
    }

    private func failure<Success>(_ body: () throws(DiskError) -> Success) -> DiskError? {
        do {
            _ = try body()
            return nil
        } catch {
            return error
        }
    }

    @Test("makes its directory and its files for their owner alone")
    func permissions() throws {
        _ = try disk.open("file", .createEmpty)
        #expect(TemporaryDirectory.permissions(of: path) == 0o700)
        #expect(TemporaryDirectory.permissions(of: disk.path(of: "file")) == 0o600)
        _ = try RealDisk(path: path, createIfMissing: true)
        _ = try RealDisk(path: path, createIfMissing: false)
    }

    @Test("does not make a directory unasked, and names what is missing")
    func missingDirectory() {
        let missing = temporary.path + "/missing"
        let error = failure { () throws(DiskError) in try RealDisk(path: missing, createIfMissing: false) }
        #expect(error == DiskError(operation: .openDirectory, path: missing, code: ENOENT))
        #expect(error?.description == "cannot open directory \(missing): No such file or directory (error 2)")
        let deeper = failure { () throws(DiskError) in try RealDisk(path: missing + "/deeper", createIfMissing: true) }
        #expect(deeper == DiskError(operation: .createDirectory, path: missing + "/deeper", code: ENOENT))
    }

    @Test("writes and reads at offsets, and reads less only at the end")
    func offsets() throws {
        let file = try disk.open("file", .createEmpty)
        try file.write([UInt8]([1, 2, 3, 4]).span.bytes, at: 2)
        #expect(try file.size() == 6)
        #expect(try read(file, 6, at: 0) == [0, 0, 1, 2, 3, 4])
        #expect(try read(file, 10, at: 4) == [3, 4])
        #expect(try read(file, 10, at: 6) == [])
        #expect(try read(file, 10, at: 1_000) == [])
        try file.truncate(to: 3)
        #expect(try read(file, 10, at: 0) == [0, 0, 1])
        try file.syncData()
    }

    @Test("refuses an offset beyond what files can have")
    func hugeOffsets() throws {
        let file = try disk.open("file", .createEmpty)
        let offsets: [UInt64] = [1 << 63, .max]
        for offset in offsets {
            let write = failure { () throws(DiskError) in try file.write([UInt8(1)].span.bytes, at: offset) }
            #expect(write == DiskError(operation: .write, path: path + "/file", code: EFBIG))
            let reading = failure { () throws(DiskError) in try read(file, 1, at: offset) }
            #expect(reading == DiskError(operation: .read, path: path + "/file", code: EFBIG))
            let truncate = failure { () throws(DiskError) in try file.truncate(to: offset) }
            #expect(truncate == DiskError(operation: .truncate, path: path + "/file", code: EFBIG))
        }
    }

    @Test("takes space for a file without changing what readers see")
    func preallocation() throws {
        let file = try disk.open("file", .createEmpty)
        try file.write([UInt8]([1, 2, 3]).span.bytes, at: 0)
        try file.preallocate(to: 1 << 20)
        #expect(try file.size() == 3)
        #expect(try read(file, 10, at: 0) == [1, 2, 3])
        try file.preallocate(to: 1)
        #expect(try file.size() == 3)
        let huge = failure { () throws(DiskError) in try file.preallocate(to: 1 << 62) }
        #expect(huge == nil || huge?.isOutOfSpace == true)
        let beyond = failure { () throws(DiskError) in try file.preallocate(to: .max) }
        #expect(beyond == DiskError(operation: .preallocate, path: path + "/file", code: EFBIG))
    }

    @Test("lists, renames, replaces and removes")
    func names() throws {
        #expect(try disk.names() == [])
        for name in ["b", "a", "c"] {
            try disk.open(name, .createEmpty).write(Array(name.utf8).span.bytes, at: 0)
        }
        #expect(try disk.names() == ["a", "b", "c"])
        try disk.rename("a", to: "b")
        try disk.syncDirectory()
        #expect(try disk.names() == ["b", "c"])
        #expect(try read(try disk.open("b", .existing), 9, at: 0) == Array("a".utf8))
        try disk.remove("c")
        #expect(try disk.exists("b"))
        #expect(try !disk.exists("c"))
        #expect(try disk.names() == ["b"])
    }

    @Test("opens an existing file as it is, or empties it, as asked")
    func openModes() throws {
        let missing = failure { () throws(DiskError) in try disk.open("file", .existing) }
        #expect(missing == DiskError(operation: .open, path: path + "/file", code: ENOENT))
        try disk.open("file", .createIfMissing).write([UInt8(5)].span.bytes, at: 0)
        #expect(try disk.open("file", .createIfMissing).size() == 1)
        #expect(try disk.open("file", .existing).size() == 1)
        #expect(try disk.open("file", .createEmpty).size() == 0)
    }

    @Test("carries a journal over closing and opening", arguments: Durability.allCases)
    func journal(durability: Durability) throws {
        var records: [[UInt8]] = []
        for round in 0..<4 {
            var journal = try openJournal(on: disk, durability, replaying: &records)
            #expect(records == testBatches.prefix(round).flatMap(\.self))
            _ = try journal.append(testBatches[round])
        }
        let file = try disk.open("journal-0000000001", .existing)
        try file.truncate(to: try file.size() - 1)
        let journal = try openJournal(on: disk, durability, replaying: &records)
        #expect(records == testBatches.prefix(3).flatMap(\.self))
        let torn = journal.opening.tornBytes
        #expect(torn > 0)
    }
}

@Suite("A data directory")
struct DataDirectoryTests {
    private let temporary: TemporaryDirectory

    init() throws {
        temporary = try TemporaryDirectory()
    }

    @Test("is held by one at a time, and the second learns by whom")
    func exclusive() throws {
        let path = temporary.path + "/data"
        let first = try DataDirectory(path: path, createIfMissing: true)
        let refusal = DataDirectoryError.inUse(path: path, process: getpid())
        #expect(throws: refusal) { try DataDirectory(path: path, createIfMissing: true) }
        #expect(refusal.description == "data directory \(path) is in use by process \(getpid())")
        try first.close()
        let second = try DataDirectory(path: path, createIfMissing: false)
        #expect(throws: refusal) { try DataDirectory(path: path, createIfMissing: false) }
        #expect(try second.disk.names() == ["lock"])
    }

    @Test("is free again when its holder is gone without closing it")
    func dropped() throws {
        let path = temporary.path
        do {
            _ = try DataDirectory(path: path, createIfMissing: false)
        }
        _ = try DataDirectory(path: path, createIfMissing: false)
    }

    @Test("names no process when the lock file names none")
    func unknownHolder() throws {
        let path = temporary.path
        let disk = try RealDisk(path: path, createIfMissing: false)
        let lock = try disk.open("lock", .createIfMissing)
        #expect(try lock.lockExclusively())
        let refusal = DataDirectoryError.inUse(path: path, process: nil)
        #expect(throws: refusal) { try DataDirectory(locking: disk) }
        #expect(refusal.description == "data directory \(path) is in use by another process")
        try lock.unlock()
    }

    @Test("is free after a crash of the machine or the process", arguments: [true, false])
    func simulatedCrash(power: Bool) throws {
        let disk = SimulatedDisk()
        let held = try DataDirectory(locking: disk)
        #expect(throws: DataDirectoryError.inUse(path: "/simulated", process: getpid())) {
            try DataDirectory(locking: disk)
        }
        if power { disk.losePower(seed: 1) } else { disk.killProcess() }
        _ = try DataDirectory(locking: disk)
        withExtendedLifetime(held) {}
    }

    @Test("passes on what the disk says")
    func diskError() {
        let disk = SimulatedDisk()
        disk.inject(.init(operation: .lock, code: EIO))
        #expect(throws: DataDirectoryError.disk(DiskError(operation: .lock, path: "/simulated/lock", code: EIO))) {
            try DataDirectory(locking: disk)
        }
    }
}
