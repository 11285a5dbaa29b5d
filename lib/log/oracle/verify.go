// Command verify checks a log that was written to a folder, with golang.org/x/mod alone: none of our own code
// takes part in its judgement.
//
//	verify FOLDER VKEY [OLDER_CHECKPOINT...]
//
// It opens the checkpoint under the log's key, rebuilds the tree from every entry, compares every tile byte for byte,
// checks the proofs in proofs.json against the signed root, and proves each older checkpoint to be a prefix.
package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const tileHeight = 8
const tileWidth = 1 << tileHeight

type checkpoint struct {
	size int64
	root tlog.Hash
}

type proofs struct {
	Inclusion []struct {
		Index  int64
		Hashes []tlog.Hash
	}
	Consistency []struct {
		Size   int64
		Root   tlog.Hash
		Hashes []tlog.Hash
	}
}

func main() {
	if len(os.Args) < 3 {
		fail("usage: verify FOLDER VKEY [OLDER_CHECKPOINT...]")
	}
	folder, vkey := os.Args[1], os.Args[2]
	head := openCheckpoint(filepath.Join(folder, "checkpoint"), vkey)
	leaves := readLeaves(folder, head.size)
	stored := storedHashes(leaves)
	compareRoot(head, stored)
	tiles := compareTiles(folder, head.size, stored)
	included, consistent := checkProofs(folder, head, leaves)
	for _, older := range os.Args[3:] {
		checkOlder(openCheckpoint(older, vkey), head, stored)
	}
	fmt.Printf("size %d: %d tiles, %d inclusion proofs, %d consistency proofs, %d older checkpoints\n",
		head.size, tiles, included, consistent, len(os.Args)-3)
}

func openCheckpoint(path, vkey string) checkpoint {
	verifier, err := note.NewVerifier(vkey)
	check(err)
	opened, err := note.Open(read(path), note.VerifierList(verifier))
	check(err)
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		fail("%s: not a checkpoint of %s", path, verifier.Name())
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err)
	root, err := tlog.ParseHash(lines[2])
	check(err)
	return checkpoint{size, root}
}

// The C2SP path has no tile height, which Go's own has.
func tilePath(tile tlog.Tile) string {
	return "tile/" + strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", tileHeight))
}

func readLeaves(folder string, size int64) []tlog.Hash {
	var leaves []tlog.Hash
	for n := int64(0); n*tileWidth < size; n++ {
		tile := tlog.Tile{H: tileHeight, L: -1, N: n, W: width(size, n)}
		path := strings.Replace(tilePath(tile), "tile/data/", "tile/entries/", 1)
		bundle := read(filepath.Join(folder, path))
		for i := 0; i < tile.W; i++ {
			if len(bundle) < 2 {
				fail("%s: ends before entry %d", path, i)
			}
			length := int(binary.BigEndian.Uint16(bundle))
			if len(bundle) < 2+length {
				fail("%s: entry %d is cut off", path, i)
			}
			leaves = append(leaves, tlog.RecordHash(bundle[2:2+length]))
			bundle = bundle[2+length:]
		}
		if len(bundle) != 0 {
			fail("%s: %d bytes too many", path, len(bundle))
		}
	}
	return leaves
}

func width(count, n int64) int {
	if rest := count - n*tileWidth; rest < tileWidth {
		return int(rest)
	}
	return tileWidth
}

func storedHashes(leaves []tlog.Hash) tlog.HashReaderFunc {
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		hashes := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			if index >= int64(len(stored)) {
				return nil, fmt.Errorf("no hash %d", index)
			}
			hashes[i] = stored[index]
		}
		return hashes, nil
	})
	for n, leaf := range leaves {
		added, err := tlog.StoredHashesForRecordHash(int64(n), leaf, reader)
		check(err)
		stored = append(stored, added...)
	}
	return reader
}

func compareRoot(head checkpoint, stored tlog.HashReader) {
	if head.size == 0 {
		return
	}
	root, err := tlog.TreeHash(head.size, stored)
	check(err)
	if root != head.root {
		fail("the entries have root %v, the checkpoint says %v", root, head.root)
	}
}

func compareTiles(folder string, size int64, stored tlog.HashReader) int {
	compared := 0
	for level := 0; size>>(tileHeight*level) > 0; level++ {
		count := size >> (tileHeight * level)
		for n := int64(0); n*tileWidth < count; n++ {
			tile := tlog.Tile{H: tileHeight, L: level, N: n, W: width(count, n)}
			want, err := tlog.ReadTileData(tile, stored)
			check(err)
			if !bytes.Equal(want, read(filepath.Join(folder, tilePath(tile)))) {
				fail("%s differs from the entries", tilePath(tile))
			}
			compared++
		}
	}
	return compared
}

func checkProofs(folder string, head checkpoint, leaves []tlog.Hash) (int, int) {
	var given proofs
	check(json.Unmarshal(read(filepath.Join(folder, "proofs.json")), &given))
	for _, proof := range given.Inclusion {
		check(tlog.CheckRecord(proof.Hashes, head.size, head.root, proof.Index, leaves[proof.Index]))
	}
	for _, proof := range given.Consistency {
		check(tlog.CheckTree(proof.Hashes, head.size, head.root, proof.Size, proof.Root))
	}
	return len(given.Inclusion), len(given.Consistency)
}

func checkOlder(older, head checkpoint, stored tlog.HashReader) {
	if older.size == 0 {
		return
	}
	proof, err := tlog.ProveTree(head.size, older.size, stored)
	check(err)
	check(tlog.CheckTree(proof, head.size, head.root, older.size, older.root))
}

func read(path string) []byte {
	content, err := os.ReadFile(path)
	check(err)
	return content
}

func check(err error) {
	if err != nil {
		fail("%v", err)
	}
}

func fail(format string, arguments ...interface{}) {
	fmt.Fprintf(os.Stderr, format+"\n", arguments...)
	os.Exit(1)
}
