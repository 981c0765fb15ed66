package auth

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

const (
	// A refresh makes at most two requests. A process that holds the lock for longer is stopped.
	refreshLockLimit = 2*requestLimit + 5*time.Second
	// A commit takes milliseconds. The official CLI waits only 5 s, and then loses its tokens.
	commitLockLimit = 30 * time.Second
	lockPoll        = 25 * time.Millisecond
)

// The official CLI's lock files: the first is held during a refresh, the second while rereading and writing.
const (
	refreshLockName = "auth.lock"
	commitLockName  = "auth.json.lock"
)

var errLockBusy = errors.New("another process holds the lock")

// lockRefresh waits for the refresh lock. It checks that the commit lock can be opened: a refresh token must not be spent
// if the result could not be committed.
func (f *file) lockRefresh(ctx context.Context) (unlock func(), err error) {
	unlock, err = f.lock(ctx, refreshLockName, refreshLockLimit)
	if err != nil {
		return nil, err
	}
	files, err := f.openLocks(commitLockName)
	closeAll(files)
	if err != nil {
		unlock()
		return nil, err
	}
	return unlock, nil
}

// lockCommit waits for the commit lock, which is held while rereading auth.json and replacing it.
func (f *file) lockCommit(ctx context.Context) (unlock func(), err error) {
	return f.lock(ctx, commitLockName, commitLockLimit)
}

// lock acquires the locks of one name. The kernel releases them when their holder dies. The lock files are not removed,
// since two processes could then hold locks on two files of the same name.
func (f *file) lock(ctx context.Context, name string, limit time.Duration) (unlock func(), err error) {
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	for {
		files, err := f.openLocks(name)
		if err != nil {
			return nil, err
		}
		held, err := lockAll(files)
		if held && err == nil {
			return func() { closeAll(files) }, nil
		}
		closeAll(files)
		if err != nil {
			return nil, unlockable(err)
		}
		if pause(limited, lockPoll) == nil {
			continue
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, errLockBusy
	}
}

// openLocks opens the lock files of one name: the official CLI's in the Codex home, and if auth.json is a symbolic link,
// one next to its target, which several homes may share. They are locked in this order.
func (f *file) openLocks(name string) (files []*os.File, err error) {
	target, err := f.target()
	if err != nil {
		return nil, unlockable(err)
	}
	dirs := []string{filepath.Dir(f.path)}
	if home, err := filepath.EvalSymlinks(dirs[0]); err != nil || home != filepath.Dir(target) {
		dirs = append(dirs, filepath.Dir(target))
	}
	for _, dir := range dirs {
		err := makeDir(dir)
		if err == nil {
			var opened *os.File
			if opened, err = openLock(filepath.Join(dir, name), lockMode(target), ownerOf(target)); err == nil {
				files = append(files, opened)
				continue
			}
		}
		closeAll(files)
		return nil, unlockable(err)
	}
	return files, nil
}

// openLock opens a lock file, creating it if it does not exist. If root creates it, it gets the owner of auth.json.
func openLock(path string, mode os.FileMode, o owner) (*os.File, error) {
	link := 0
	if isRoot() {
		link = nofollow // a link in another user's directory cannot be trusted
	}
	opened, err := openRegular(path, os.O_RDWR|os.O_CREATE|link, mode)
	if errors.Is(err, fs.ErrPermission) || isReadOnly(err) {
		opened, err = openRegular(path, os.O_RDONLY|link, 0) // enough for most file systems
	}
	if err != nil && isLink(path) { // to nowhere, or not to be followed
		return nil, &os.PathError{Op: "open", Path: path, Err: errIrregular}
	}
	if err == nil && (!isRoot() || isPlainLock(opened)) {
		tighten(opened, mode)
		if isRoot() {
			err = o.chown(opened)
		}
	}
	if err != nil && opened != nil {
		opened.Close()
		return nil, err
	}
	return opened, err
}

func isLink(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && info.Mode()&fs.ModeSymlink != 0
}

// lockMode returns the mode of a lock file: that of auth.json. Other users could hold the lock forever, since locking
// does not require write access. (The official CLI leaves auth.lock open to all that the umask does not exclude.)
func lockMode(target string) os.FileMode {
	mode := os.FileMode(0o600)
	if info, err := os.Stat(target); err == nil {
		mode |= info.Mode().Perm() & 0o066
	}
	return mode
}

// tighten removes excess permissions from a lock file, if we are its owner.
func tighten(opened *os.File, mode os.FileMode) {
	if info, err := opened.Stat(); err == nil && info.Mode().Perm()&^mode != 0 {
		_ = opened.Chmod(info.Mode().Perm() & mode)
	}
}

// lockAll tries to lock all files. It returns false if one is busy, or no longer the file of its name.
func lockAll(files []*os.File) (held bool, err error) {
	for _, one := range files {
		held, err := tryLock(one)
		if !held || err != nil {
			return false, err
		}
		locked, err := one.Stat()
		if err != nil {
			return false, err
		}
		if named, err := os.Stat(one.Name()); err != nil || !os.SameFile(locked, named) {
			return false, nil
		}
	}
	return true, nil
}

func closeAll(files []*os.File) {
	for _, one := range files {
		one.Close()
	}
}

// unlockable is the error of a lock that cannot be acquired at all, as opposed to one that is held.
func unlockable(err error) error {
	hint := "Make the Codex home writable, or set CODEX_HOME to a directory that is."
	if errors.Is(err, errIrregular) {
		hint = "Remove it."
	}
	return &Error{Message: oneLine(fmt.Sprintf("auth.json cannot be locked: %v.", err)), Hint: hint, cause: ErrNotLocked}
}
