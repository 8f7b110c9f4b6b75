-- A Wireshark dissector for remote-cmd's framing `stream`; src/stream.rs and src/noise.rs describe the bytes.
--
--   cargo lab tap --listen 8001 --to 8000 --save shell.pcapng
--   wireshark -X lua_script:remote-cmd/remote-cmd.lua shell.pcapng
--
-- A conversation is known by its hello, on whatever port. The tutorial's framings have nothing to be known by.

local rcmd = Proto("rcmd", "remote-cmd (framing stream)")

-- "\x89RCMD\n"; no length begins like it, since no message is that long.
local MAGIC = ByteArray.new("89 52 43 4d 44 0a")
local MAGIC_BEGIN = 0x8952434d
local HELLO = 8
-- A kind and 64 KiB of output.
local LONGEST = 1 + 64 * 1024

local KINDS = {
    [0x01] = "run", [0x02] = "interrupt", [0x03] = "directory", [0x04] = "run with input", [0x05] = "input",
    [0x11] = "stdout", [0x12] = "stderr", [0x13] = "exit", [0x14] = "signal", [0x15] = "error",
    [0x16] = "taken",
}
local MODES = { [0] = "plain", [1] = "with a key" }

local f = {
    magic = ProtoField.bytes("rcmd.magic", "Magic"),
    version = ProtoField.uint8("rcmd.version", "Version"),
    mode = ProtoField.uint8("rcmd.mode", "Mode", base.DEC, MODES),
    length = ProtoField.uint32("rcmd.length", "Length"),
    kind = ProtoField.uint8("rcmd.kind", "Kind", base.HEX, KINDS),
    text = ProtoField.string("rcmd.text", "Text"),
    status = ProtoField.int32("rcmd.status", "Exit status"),
    signal = ProtoField.int32("rcmd.signal", "Signal"),
    secret = ProtoField.bytes("rcmd.secret", "Encrypted"),
}
rcmd.fields = f

local wrong = ProtoExpert.new("rcmd.wrong", "Not what the framing allows", expert.group.MALFORMED, expert.severity.ERROR)
rcmd.experts = { wrong }

local stream_of = Field.new("tcp.stream")
-- Relative: 1 is the first byte after the handshake.
local seq_of = Field.new("tcp.seq")

-- How many hellos of a conversation asked for a key. When both have, everything after them is encrypted.
local keyed = {}
function rcmd.init()
    keyed = {}
end

local function is_keyed()
    return (keyed[stream_of().value] or 0) >= 2
end

local function is_hello(tvb, offset)
    return tvb(offset, 4):uint() == MAGIC_BEGIN
end

-- The length of what begins at this offset. Where nothing sensible begins, all the rest is one piece.
local function length(tvb, pinfo, offset)
    local rest = tvb:reported_length_remaining(offset)
    if is_keyed() and not (rest >= 4 and is_hello(tvb, offset)) then
        return 2 + tvb(offset, 2):uint()
    end
    if is_hello(tvb, offset) then
        return HELLO
    end
    local message = tvb(offset, 4):uint()
    if message == 0 or message > LONGEST then
        return rest
    end
    return 4 + message
end

local function say(pinfo, words)
    local info = tostring(pinfo.cols.info)
    if pinfo.private["rcmd"] == nil then
        pinfo.private["rcmd"] = "1"
        pinfo.cols.info = words
    else
        pinfo.cols.info = info .. "; " .. words
    end
end

local function hello(tvb, pinfo, tree)
    tree:add(f.magic, tvb(0, 6))
    tree:add(f.version, tvb(6, 1))
    tree:add(f.mode, tvb(7, 1))
    if tvb(0, 6):bytes() ~= MAGIC then
        tree:add_proto_expert_info(wrong, "no hello")
    end
    local mode = tvb(7, 1):uint()
    if mode == 1 and not pinfo.visited then
        local stream = stream_of().value
        keyed[stream] = (keyed[stream] or 0) + 1
    end
    say(pinfo, "hello, " .. (MODES[mode] or "unknown mode"))
end

local function record(tvb, pinfo, tree)
    tree:add(f.length, tvb(0, 2))
    if tvb:len() > 2 then
        tree:add(f.secret, tvb(2))
    end
    say(pinfo, "encrypted, " .. (tvb:len() - 2) .. " bytes")
end

local function message(tvb, pinfo, tree)
    local promised = tvb(0, 4):uint()
    tree:add(f.length, tvb(0, 4))
    if promised == 0 or promised > LONGEST then
        tree:add_proto_expert_info(wrong, "a length of " .. promised)
        say(pinfo, "a length that cannot be: " .. promised)
        return
    end
    local kind = tvb(4, 1):uint()
    local name = KINDS[kind]
    tree:add(f.kind, tvb(4, 1))
    local rest = tvb:len() - 5
    if kind == 0x13 or kind == 0x14 then
        if rest ~= 4 then
            tree:add_proto_expert_info(wrong, "a status has 4 bytes, not " .. rest)
            return
        end
        tree:add(kind == 0x13 and f.status or f.signal, tvb(5, 4))
        say(pinfo, name .. " " .. tvb(5, 4):int())
    elseif kind == 0x16 then
        say(pinfo, name .. (rest == 4 and " " .. tvb(5, 4):uint() or ", which cannot be"))
    elseif name == nil then
        tree:add_proto_expert_info(wrong, "an unknown kind")
        say(pinfo, "unknown kind")
    else
        if rest > 0 then
            tree:add_packet_field(f.text, tvb(5), ENC_UTF_8)
        end
        if kind == 0x11 or kind == 0x12 or kind == 0x05 then
            say(pinfo, name .. ", " .. rest .. " bytes")
        elseif rest > 0 then
            say(pinfo, name .. " " .. tvb(5):string(ENC_UTF_8))
        else
            say(pinfo, name)
        end
    end
end

local function one(tvb, pinfo, root)
    pinfo.cols.protocol = "RCMD"
    local tree = root:add(rcmd, tvb())
    if tvb:len() >= 4 and is_hello(tvb, 0) then
        hello(tvb, pinfo, tree)
    elseif is_keyed() then
        record(tvb, pinfo, tree)
    else
        message(tvb, pinfo, tree)
    end
    return tvb:len()
end

local function dissect(tvb, pinfo, root)
    dissect_tcp_pdus(tvb, root, is_keyed() and 2 or 4, length, one)
    return tvb:len()
end
rcmd.dissector = dissect

local function is_ours(tvb, pinfo, root)
    -- The first segment may bring only a part of it; another that is so short could be anything.
    local come = math.min(tvb:len(), MAGIC:len())
    if come < MAGIC:len() and seq_of().value ~= 1 or tvb(0, come):bytes() ~= MAGIC:subset(0, come) then
        return false
    end
    pinfo.conversation = rcmd
    -- Not `rcmd.dissector`: one dissector that is called by another may not ask for more bytes.
    dissect(tvb, pinfo, root)
    return true
end

rcmd:register_heuristic("tcp", is_ours)
DissectorTable.get("tcp.port"):add_for_decode_as(rcmd)
