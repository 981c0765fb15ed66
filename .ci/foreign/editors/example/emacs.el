;;; emacs.el --- a user of conformance/editors/emacs  -*- lexical-binding: t -*-

;; examples_test.go documents the steps.

(require 'codex-rpc)
(require 'subr-x)

(defun tell (format &rest args)
  "Write a line to stdout now; Emacs keeps back what is printed there."
  (write-region (concat (apply #'format format args) "\n") nil "/dev/stdout" nil 'silent))

(defun step (step passed got)
  (let ((limit (+ (float-time) 30)))
    (while (not (or (funcall passed) (> (float-time) limit)))
      (accept-process-output nil 0.1))
    (if (funcall passed)
        (tell "ok - %s" step)
      (tell "not ok - %s: %S" step (funcall got))
      (kill-emacs 1))))

(defun shows (step &rest lines)
  (step step (lambda () (string= (buffer-string) (string-join lines "\n"))) #'buffer-string))

(defvar told "" "All messages.")
(advice-add 'message :before
            (lambda (format &rest args) (when format (setq told (concat told (apply #'format format args) "\n")))))

(defun tells (step &rest wants)
  (step step (lambda () (seq-every-p (lambda (want) (string-search want told)) wants)) (lambda () told))
  (setq told ""))

(defvar folder (file-name-directory (executable-find "codex-rpc")))

(switch-to-buffer "notes")
(buffer-enable-undo)
(transient-mark-mode)
(insert "Say hello\ngrößer 🦫\nthe end")
(goto-char (point-min))
(setq codex-rpc-command '("no-such-program"))
(condition-case err (call-interactively #'codex-rpc-ask)
  (user-error (message "%s" (cadr err))))
(tells 'missing "no-such-program was not found")
(setq codex-rpc-command '("codex-rpc" "--log-level" "debug")
      codex-rpc-log-file (concat folder "log"))
(call-interactively #'codex-rpc-ask)
(shows 'partial "Say hello" "You said: \"Say" "größer 🦫" "the end")
(codex-rpc-cancel)
(tells 'cancelled "stopped")
(setq codex-rpc-model "mock:pace=50ms,stall=7")
(defvar breaks (run-with-timer 0 0.005 #'undo-boundary)) ; as the command loop makes them while an answer comes
(call-interactively #'codex-rpc-ask)
(shows "partial again" "Say hello" "You said: \"Say" "You said: \"Say" "größer 🦫" "the end")
(call-process "kill" nil nil nil "-9" (with-temp-buffer
                                        (insert-file-contents (concat folder "pid"))
                                        (string-trim (buffer-string))))
(cancel-timer breaks)
(tells 'died "ended with exit code 137, in the middle of an answer")
(undo-boundary)
(undo)
(shows 'undone "Say hello" "You said: \"Say" "größer 🦫" "the end")
(undo-boundary)
(setq codex-rpc-model nil)
(goto-char (point-max))
(set-mark (line-beginning-position 0))
(call-interactively #'codex-rpc-ask)
(shows 'answer "Say hello" "You said: \"Say" "größer 🦫" "the end" "You said: \"größer 🦫" "the end\"")
(codex-rpc-sign-in t)
(tells "signed in" "enter the code MOCK-" "signed in as mock@example.test")
(codex-rpc-draw 1 10 (concat folder "picture.png"))
(tells 'picture (concat "saved " folder "picture.png"))
(kill-emacs)
