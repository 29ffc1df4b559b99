// Verifies a log with the code with which Go verifies its own checksum database.
//
// Arguments: the address of the log, its public key, and files with proofs. Prints the size of the log.
package main

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"

	"registry/note"
	"registry/tlog"
)

func main() {
	address, verifiers := os.Args[1], known(os.Args[2])
	size, root := checkpoint(fetch(address+"/checkpoint"), verifiers)
	hashes := stored{}
	for n, entry := range entries(fetch(fmt.Sprintf("%s/tile/entries/000.p/%d", address, size))) {
		more, err := tlog.StoredHashes(int64(n), entry, hashes)
		must(err)
		hashes = append(hashes, more...)
	}
	made, err := tlog.TreeHash(size, hashes)
	must(err)
	hold(made == root, "the root is not that of the entries")
	for before := int64(1); before < size; before++ {
		consistent(address, before, size, root)
	}
	tile := tlog.Tile{H: 8, L: 0, N: 0, W: int(size)}
	data, err := tlog.ReadTileData(tile, hashes)
	must(err)
	hold(string(data) == string(fetch(address+"/"+strings.Replace(tile.Path(), "tile/8/", "tile/", 1))), "the tile is another")
	for _, file := range os.Args[3:] {
		proof(file, verifiers)
	}
	fmt.Println(size)
}

// proof verifies the second step of a tlog-proof: from the head of a revision to a signed checkpoint.
func proof(file string, verifiers note.Verifiers) {
	content, err := os.ReadFile(file)
	must(err)
	before, signed, _ := strings.Cut(string(content), "\n\n")
	lines := strings.Split(before, "\n")
	size, root := checkpoint([]byte(signed), verifiers)
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[2], "index "), 10, 64)
	must(err)
	var said struct{ Head string }
	must(json.Unmarshal(decoded(strings.TrimPrefix(lines[1], "extra ")), &said))
	must(tlog.CheckRecord(path(lines[3:]), size, root, index, tlog.RecordHash([]byte(said.Head))))
}

func consistent(address string, before, size int64, root tlog.Hash) {
	var told struct {
		Data struct {
			From struct{ Root string }
			Path []string
		}
	}
	must(json.Unmarshal(fetch(fmt.Sprintf("%s/consistency?from=%d&to=%d", address, before, size)), &told))
	must(tlog.CheckTree(path(told.Data.Path), size, root, before, hash(told.Data.From.Root)))
}

func known(key string) note.Verifiers {
	verifier, err := note.NewVerifier(key)
	must(err)
	return note.VerifierList(verifier)
}

func checkpoint(signed []byte, verifiers note.Verifiers) (int64, tlog.Hash) {
	opened, err := note.Open(signed, verifiers)
	must(err)
	lines := strings.Split(opened.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	return size, hash(lines[2])
}

func entries(bundle []byte) (found [][]byte) {
	for len(bundle) > 0 {
		length := binary.BigEndian.Uint16(bundle)
		found = append(found, bundle[2:2+length])
		bundle = bundle[2+length:]
	}
	return found
}

// stored holds the hashes of a tree in the order in which Go stores them.
type stored []tlog.Hash

func (s stored) ReadHashes(indexes []int64) (found []tlog.Hash, err error) {
	for _, index := range indexes {
		found = append(found, s[index])
	}
	return found, nil
}

func path(lines []string) (found []tlog.Hash) {
	for _, line := range lines {
		found = append(found, hash(line))
	}
	return found
}

func hash(text string) (found tlog.Hash) {
	copy(found[:], decoded(text))
	return found
}

func decoded(text string) []byte {
	found, err := base64.StdEncoding.DecodeString(text)
	must(err)
	return found
}

func fetch(address string) []byte {
	answer, err := http.Get(address)
	must(err)
	defer answer.Body.Close()
	hold(answer.StatusCode == 200, address+": "+answer.Status)
	content, err := io.ReadAll(answer.Body)
	must(err)
	return content
}

func must(err error) {
	hold(err == nil, fmt.Sprint(err))
}

func hold(fact bool, sentence string) {
	if !fact {
		fmt.Fprintln(os.Stderr, sentence)
		os.Exit(1)
	}
}
