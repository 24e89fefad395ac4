internal import FuzzKit

/// What libFuzzer calls with each input: the first byte says what to try.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var input = ByteReader(Array(UnsafeBufferPointer(start: data, count: count)))
    // A letter, so that the inputs of a corpus are text.
    switch input.byte() {
    case UInt8(ascii: "C"): Trial.cluster(&input)
    case UInt8(ascii: "F"): Trial.foundation(&input)
    case UInt8(ascii: "K"): Trial.key(&input)
    case UInt8(ascii: "L"): Trial.commands(&input)
    default: Trial.json(&input)
    }
    return 0
}

/// The ways to use an input.
enum Trial {}
