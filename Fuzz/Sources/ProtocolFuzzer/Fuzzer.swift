internal import FuzzKit

/// What libFuzzer calls with each input: the first byte says what to try.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var input = ByteReader(Array(UnsafeBufferPointer(start: data, count: count)))
    switch input.byte() % 7 {
    case 0: Trial.message(&input)
    case 1: Trial.record(&input)
    case 2: Trial.journal(&input)
    case 3: Trial.core(of: .standard, &input)
    case 4: Trial.client(&input)
    case 5: Trial.application(&input)
    default: Trial.core(of: .mined, &input)
    }
    return 0
}

/// The ways to use an input.
enum Trial {}
