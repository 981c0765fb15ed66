;;; emacs.el --- a user of conformance/editors/emacs  -*- lexical-binding: t -*-

;; What the steps are is said in examples_test.go.

(require 'codex-rpc)
(require 'subr-x)

(defun tell (format &rest args)
  "Write a line to stdout now; Emacs keeps back what is printed there."
  (write-region (concat (apply #'format format args) "\n") nil "/dev/stdout" nil 'silent))

(defun shows (step &rest lines)
  (let ((limit (+ (float-time) 30))
        (want (string-join lines "\n")))
    (while (not (or (string= (buffer-string) want) (> (float-time) limit)))
      (accept-process-output nil 0.1))
    (if (string= (buffer-string) want)
        (tell "ok - %s" step)
      (tell "not ok - %s: %S" step (buffer-string))
      (kill-emacs 1))))

(switch-to-buffer "notes")
(transient-mark-mode)
(insert "Say hello\ngrößer 🦫\nthe end")
(goto-char (point-min))
(call-interactively #'codex-rpc-ask)
(shows 'partial "Say hello" "You said: \"Say" "größer 🦫" "the end")
(codex-rpc-cancel)
(goto-char (point-max))
(set-mark (line-beginning-position 0))
(call-interactively #'codex-rpc-ask)
(shows 'answer "Say hello" "You said: \"Say" "größer 🦫" "the end" "You said: \"größer 🦫" "the end\"")
(kill-emacs)
