;;; codex-rpc.el --- Ask the ChatGPT Codex backend  -*- lexical-binding: t -*-
;; Package-Requires: ((emacs "28.1"))

;;; Commentary:

;; Install: put codex-rpc on the PATH, sign in with `codex-rpc login',
;; copy this file to a directory of `load-path', and add to your init file:
;;
;;   (require 'codex-rpc)
;;   (global-set-key (kbd "C-c a") #'codex-rpc-ask)
;;   (global-set-key (kbd "C-c k") #'codex-rpc-cancel)
;; Without an account, set CODEX_RPC_MOCK=1 in the environment.

;;; Code:

(require 'jsonrpc)

(defcustom codex-rpc-command '("codex-rpc")
  "The command that starts the host."
  :type '(repeat string) :group 'tools)

(defclass codex-rpc-connection (jsonrpc-process-connection)
  ((latest :documentation "Id of the latest request, which Emacs 28 tells nobody else."))
  "A connection to the host.")

(cl-defmethod jsonrpc-connection-send :before ((host codex-rpc-connection) &key id &allow-other-keys)
  "Keep the ID of a request to HOST."
  (when id (setf (slot-value host 'latest) id)))

(defvar codex-rpc--connection nil "The connection to a host that runs.")
(defvar codex-rpc--asks nil "By request id: the marker where its answer goes on.")

(defun codex-rpc--notified (_connection _method params)
  "Insert the text of an event, which is in PARAMS."
  (let ((marker (alist-get (plist-get params :id) codex-rpc--asks))
        (event (plist-get params :event)))
    (when (and marker (marker-buffer marker)
               (equal (plist-get event :type) "response.output_text.delta"))
      (with-current-buffer (marker-buffer marker)
        (save-excursion
          (goto-char marker)
          (insert (plist-get event :delta)))))))

(defun codex-rpc--start ()
  "Start the host."
  (make-instance
   'codex-rpc-connection :name "codex-rpc" :notification-dispatcher #'codex-rpc--notified
   :on-shutdown (lambda (_) (setq codex-rpc--connection nil codex-rpc--asks nil))
   :process (lambda ()
              (make-process :name "codex-rpc" :command codex-rpc-command
                            :connection-type 'pipe :coding 'utf-8-emacs-unix :noquery t
                            :stderr (get-buffer-create "*codex-rpc stderr*")))))

(defun codex-rpc-ask (begin end)
  "Ask with the text from BEGIN to END: the region, or else the current line.
The answer streams in below it."
  (interactive (if (use-region-p) (list (region-beginning) (region-end))
                 (list (line-beginning-position) (line-end-position))))
  (barf-if-buffer-read-only)
  (unless codex-rpc--connection (setq codex-rpc--connection (codex-rpc--start)))
  (let ((input (buffer-substring-no-properties begin end)) id)
    (jsonrpc-async-request
     codex-rpc--connection 'responses.create `(:input ,input :stream t) :timeout nil
     :success-fn (lambda (_) (setf (alist-get id codex-rpc--asks nil t) nil))
     :error-fn (lambda (err)
                 (setf (alist-get id codex-rpc--asks nil t) nil)
                 (message "codex-rpc: %s" (plist-get err :message))))
    (setq id (slot-value codex-rpc--connection 'latest))
    (save-excursion
      (goto-char end)
      (if (bolp) (open-line 1) (insert "\n"))
      (push (cons id (copy-marker (point) t)) codex-rpc--asks))))

(defun codex-rpc-cancel ()
  "Stop all answers; what has come stays."
  (interactive)
  (dolist (ask codex-rpc--asks)
    (jsonrpc-notify codex-rpc--connection '$/cancelRequest `(:id ,(car ask))))
  (setq codex-rpc--asks nil))

(defun codex-rpc-stop ()
  "End the host, and give it five seconds for that."
  (interactive)
  (when codex-rpc--connection
    (ignore-errors ; nothing keeps Emacs from its end
      (jsonrpc-request codex-rpc--connection 'shutdown nil :timeout 5)
      (jsonrpc-notify codex-rpc--connection 'exit nil)
      (with-timeout (5)
        (while codex-rpc--connection (accept-process-output nil 0.01))))))

(add-hook 'kill-emacs-hook #'codex-rpc-stop)

(provide 'codex-rpc)
;;; codex-rpc.el ends here
